import { Misspoken } from './misspoken.ts';
import { type AdapterInfo, isObject, LINE_BYTES_MAX, type Members, ZKCP_VERSION } from './protocol.ts';
import { see } from './sections.ts';

const IN_FLIGHT_MAX = 64;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isCapability(value: unknown): boolean {
  return value === true || (isObject(value) && isText(value['unsupported']));
}

/** Returns the defect of an answer to hello, or undefined. */
function complaint(hello: Members): string | undefined {
  if (Object.keys(hello).length === 0) return 'it is empty';
  const { protocol, impl, profiles, capabilities, limits } = hello;
  if (protocol !== ZKCP_VERSION) return `protocol is ${JSON.stringify(protocol) ?? 'absent'}, not ${ZKCP_VERSION}`;
  if (!isObject(impl) || !['name', 'version', 'language', 'url'].every((name) => isText(impl[name])))
    return 'impl is not {name, version, language, url}';
  if (!Array.isArray(profiles) || !profiles.every(isText)) return 'profiles is not a list of names';
  if (!isObject(capabilities) || !Object.values(capabilities).every(isCapability))
    return 'capabilities is not {name: true or {unsupported, issue}}';
  if (!isObject(limits) || !isCount(limits['max_in_flight']) || !isCount(limits['max_line']))
    return 'limits is not {max_in_flight, max_line}, both above 0';
  return undefined;
}

const HINT = see('Commands', 'hello needs protocol (the number 1), impl, profiles, capabilities and limits');

/** Checks the answer to hello; throws `Misspoken`, which says what is wrong with it. */
export function parseInfo(hello: Members): AdapterInfo {
  const wrong = complaint(hello);
  if (wrong !== undefined) throw new Misspoken(`the answer to hello: ${wrong}`, HINT);
  const info = hello as unknown as AdapterInfo;
  const limits = {
    max_in_flight: Math.min(info.limits.max_in_flight, IN_FLIGHT_MAX),
    max_line: Math.min(info.limits.max_line, LINE_BYTES_MAX),
  };
  return { ...info, limits };
}
