# Read by start.sh and test.sh, with $here set to the root of the repository: installs the packages, among them the Node that everything
# runs on, when package-lock.json is not the one of the last installation.
fail() {
  echo "error: $1" >&2
  exit 1
}

command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
  fail "Node.js 20 or newer with npm is needed. Install it from https://nodejs.org and start again."
[ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] ||
  fail "Node.js 20 or newer is needed, this is $(node --version). Install it from https://nodejs.org and start again."

if ! cmp -s "$here/package-lock.json" "$here/node_modules/.hubbub-installed"; then
  echo "installing packages (about a minute the first time)"
  (cd "$here" && npm ci --no-audit --no-fund --loglevel=error) ||
    fail "npm ci failed; see above. It needs the npm registry and a folder that this user can write."
  cp "$here/package-lock.json" "$here/node_modules/.hubbub-installed" || exit 1
fi
