import { SqlTables, type TablesDatabase } from '@0k-sync/client';

/** The tables of an app in memory, over the SQLite of the runtime (`node:sqlite`): nothing is installed for them. */
export function memoryTables(): SqlTables {
  return new SqlTables(() => {
    const writing = openInMemory();
    let copy: TablesDatabase | undefined;
    return {
      writing,
      get reading() {
        return copy ?? writing;
      },
      begin: () => {
        const own = copyOf(writing);
        copy = own;
        return () => {
          if (copy === own) copy = undefined;
          own.close();
        };
      },
      close: () => void writing.close(),
    };
  });
}

function openInMemory(): TablesDatabase {
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (sqlite === undefined) throw new TypeError('memoryTables() needs a runtime with node:sqlite');
  return new sqlite.DatabaseSync(':memory:');
}

/** The copy that readers see while a transaction is open. A test has few rows, so a copy of them all is cheap. */
function copyOf(database: TablesDatabase): TablesDatabase {
  const copy = openInMemory();
  const objects = database.prepare(
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
  );
  const parts = objects.all() as { readonly type: string; readonly name: string; readonly sql: string }[];
  const [tables, others] = [parts.filter(({ type }) => type === 'table'), parts.filter(({ type }) => type !== 'table')];
  for (const { name, sql } of tables) {
    copy.exec(sql);
    const quoted = `"${name.replaceAll('"', '""')}"`;
    for (const row of database.prepare(`SELECT * FROM ${quoted}`).all() as object[]) {
      const values = Object.values(row);
      copy.prepare(`INSERT INTO ${quoted} VALUES (${values.map(() => '?')})`).run(...(values as never[]));
    }
  }
  for (const { sql } of others) copy.exec(sql);
  return copy;
}
