import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --name <what>` in this directory writes the next migration. */
export default defineConfig({ dialect: 'sqlite', schema: './src/store/schema.ts', out: './migrations' });
