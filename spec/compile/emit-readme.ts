import type { Output, PackageFolder } from './emit-module.ts';

const NOTE = '<!-- generated, do not edit: `make generate` writes this file -->';

const TEXT = `${NOTE}

# generated

\`spec/\` and \`proto/\` as code, data and documents. \`make generate\` restores this folder byte for byte, except \`docs/\`,
which \`make ledger\` and \`make vectors\` write. \`make check\` fails when it differs.

| folder | content |
|---|---|
| [protocol/](protocol/) | the package \`@0k-sync/generated\`: client and relay run on its tables |
| [spec/](spec/) | the package \`@0k-sync/spec\`: the requirements as data, for conformance |
| [diagrams/](diagrams/) | each state machine, drawn |
| [transcripts/](transcripts/) | both handshakes, token by token |
| [docs/](docs/) | [ledger.md](docs/ledger.md): what exercises each requirement; [ops.md](docs/ops.md): every op of the conformance protocol |
`;

/** The README of generated/. */
export function emitReadme(): Output {
  return { path: 'README.md', text: TEXT };
}

/** The README of a package below generated/. */
export function emitPackageReadme(
  folder: PackageFolder,
  { name, description, use }: { readonly name: string; readonly description: string; readonly use: string },
  subpaths: readonly string[],
): Output {
  const text = [
    NOTE,
    '',
    `# ${name}`,
    '',
    `${description}. ${use}`,
    '',
    '**Public face:**',
    '',
    ...subpaths.map((subpath) => `- \`${name}/${subpath}\``),
    '',
    '**May import:** nothing of this project.',
  ];
  return { path: `${folder}/README.md`, text: `${text.join('\n')}\n` };
}
