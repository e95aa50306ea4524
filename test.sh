#!/bin/sh
# Runs the tests: see ./test.sh --help.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
. "$here/cluster/install.sh"
exec "$here/node_modules/.bin/node" "$here/cluster/src/test.ts" "$@"
