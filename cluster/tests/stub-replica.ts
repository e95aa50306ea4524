// Stands for the server in tests of the launcher: answers /health/ready and tells what it was given.
import { createServer } from 'node:http';

const url = new URL(process.env['ASPNETCORE_URLS']!);
const name = process.env['Replica__Name'];

const server = createServer((request, response) => {
  response.setHeader('X-Replica', name!);
  if (request.url === '/environment') response.end(JSON.stringify(process.env));
  else response.end('ok');
});

if (process.env['STUB_FAILS']) {
  console.error('the stub was told to fail');
  process.exit(3);
}
if (!process.env['Accounts__AdminPassword']) console.log('admin password: stub-secret');
server.listen(Number(url.port), 'localhost', () => console.log(`listening as ${name}`));
process.on('SIGTERM', () => {
  if (process.env['STUB_IGNORES_TERM']) return;
  server.closeAllConnections();
  server.close(() => process.exit(0));
});
