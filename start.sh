#!/bin/sh
# Starts Hubbub: see ./start.sh --help.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
. "$here/cluster/install.sh"
exec "$here/node_modules/.bin/node" "$here/cluster/src/start.ts" "$@"
