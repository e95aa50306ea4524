// Starts a PostgreSQL on a throwaway folder, prints where that is, and never stops it.
import { dirname } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../src/index.ts';

const { server } = await startPostgres();
const client = new pg.Client({ connectionString: server.url });
await client.connect();
const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
console.log(dirname(dirname(rows[0]!.data_directory)));
setInterval(() => {}, 1000);
