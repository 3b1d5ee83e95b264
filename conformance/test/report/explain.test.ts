import { readFile } from 'node:fs/promises';
import { identifiers } from '@0k-sync/spec/requirements';
import t from 'tap';
import { requirementText } from '../../src/report/explain.ts';

/** Links of the spec begin in spec/, those of the ledger in generated/docs. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/\]\([^)]*\)/g, ']');
}

t.test('rows of tables are printed as the ledger prints them', async (t) => {
  t.equal(requirementText('SE-46'), 'client-session: go-away in ready leads to leaving, report-go-away');
  const ledger = withoutAddresses(
    await readFile(new URL('../../../generated/docs/ledger.md', import.meta.url), 'utf8'),
  );
  for (const id of Object.keys(identifiers)) {
    const text = withoutAddresses(requirementText(id) ?? '').replaceAll('|', '\\|');
    t.ok(text && ledger.includes(`| ${id} | `) && ledger.includes(` | ${text} | `), `${id}: ${text}`);
  }
});

t.test('an id that the spec does not have has no text', async (t) => {
  t.equal(requirementText('XX-99'), undefined);
  t.equal(requirementText('toString'), undefined);
});
