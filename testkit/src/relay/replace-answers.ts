import type { Case, Value } from '../wire/body.ts';
import type { Behaviour, Reply } from './behaviour.ts';

/** An `answer` hook that replaces the answers of one kind. Every other reply stays as it is. */
export function replaceAnswers<K extends Case>(
  $case: K,
  replace: (value: Value<K>) => Reply,
): NonNullable<Behaviour['answer']> {
  return (reply) => (isAnswer(reply, $case) ? replace(reply.value as Value<K>) : reply);
}

function isAnswer(reply: Reply, $case: Case): reply is Extract<Reply, { $case: Case }> {
  return reply !== 'silence' && '$case' in reply && reply.$case === $case;
}
