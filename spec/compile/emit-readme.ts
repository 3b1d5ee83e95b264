import type { Output } from './emit-code.ts';

const TEXT = `<!-- generated, do not edit: \`make generate\` writes this folder -->

# @0k-sync/generated

What \`spec/\` and \`proto/\` say, as code and tables. \`make generate\` restores this folder byte for byte; \`make check\` fails when
it differs.

**Public face:** the subpaths of \`package.json\`.
**May import:** nothing of this project.
**Start reading:** \`diagrams/\` shows each state machine, \`docs/ledger.md\` what exercises each requirement, \`docs/ops.md\` every
op of the conformance protocol, \`transcripts/\` both handshakes token by token.
`;

/** The README of generated/. */
export function emitReadme(): Output {
  return { path: 'README.md', text: TEXT };
}
