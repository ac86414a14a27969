#!/usr/bin/env bash
# The Dockerfile's steps by hand, where there is no Docker: a production install and the built output in a folder of their own,
# run by another user with a read-only root and one folder that it may write. Ends with 0 where /readyz says yes and a text was
# taken. As root it takes another user and a mount namespace with a read-only root; where it may not, its own user and files
# that nobody may write.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
unset npm_config_nodedir
work=$(mktemp -d)
# Where tmp is the only place that the user may enter.
chmod 755 "$work"
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

mkdir "$work/app" "$work/data"
cp package.json package-lock.json "$work/app"
(cd "$work/app" && npm ci --omit=dev --no-audit --no-fund --prefer-offline >/dev/null)
npx tsc -p tsconfig.build.json --noCheck --outDir "$work/app/dist"
cp -r src/http/demo "$work/app/dist/http/demo"
cp -r schema "$work/app/schema"
chown 1000:1000 "$work/data"
chmod 700 "$work/data"

# The simulators stand for the providers, outside: production never loads them.
node --import tsx "$root/test/support/production-simulators.ts" >"$work/simulators.json" &
pids+=($!)
until [ -s "$work/simulators.json" ]; do sleep 0.2; done
node -e "
  const env = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));
  fs.writeFileSync(process.argv[2], Object.entries(env).map(([name, value]) => name + '=' + value + '\n').join(''));
" "$work/simulators.json" "$work/env"
key=production-run-0123456789
port=$(node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
settings=(
  "PATH=$PATH" HOME=/nonexistent NODE_ENV=production GWANMUN_PROFILE=production "GWANMUN_DATA_DIR=$work/data"
  HOST=127.0.0.1 "PORT=$port" "GWANMUN_API_KEY=$key" "GWANMUN_DATA_KEY=$(printf '42%.0s' {1..32})" SENDER_NUMBERS=15880000
)
mapfile -t provided <"$work/env"
start=(env -i "${settings[@]}" "${provided[@]}" node --enable-source-maps dist/main.js)
if [ "$(id -u)" -eq 0 ]; then
  start=(setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all "${start[@]}")
fi
# All is read-only but the one folder.
locked='
  set -e
  mount --bind "$1/data" "$1/data"
  mount -o remount,bind,ro / 2>/dev/null || { mount --bind / /; mount -o remount,bind,ro /; }
  mount -o remount,bind,rw "$1/data"
  cd "$1/app"
  shift
  exec "$@"
'
writer=(env)
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>/dev/null; then
  unshare --mount --propagation private bash -c "$locked" _ "$work" "${start[@]}" >"$work/gateway.log" 2>&1 &
else
  chmod -R a-w "$work/app"
  if [ "$(id -u)" -eq 0 ]; then writer=(setpriv --reuid 1000 --regid 1000 --clear-groups); fi
  (cd "$work/app" && exec "${start[@]}") >"$work/gateway.log" 2>&1 &
fi
gateway=$!
pids+=("$gateway")

url=http://127.0.0.1:$port
# Prints the answer; fails where it is not well.
ask() {
  node -e "
    const [url, key, body] = process.argv.slice(1);
    const headers = { 'x-api-key': key ?? '', 'content-type': 'application/json' };
    fetch(url, body === undefined ? {} : { method: 'POST', headers, body })
      .then(async (answer) => { console.log(await answer.text()); process.exit(answer.ok ? 0 : 1); }, () => process.exit(1));
  " "$@"
}
for _ in $(seq 150); do
  if ask "$url/readyz" >"$work/ready" 2>/dev/null; then break; fi
  kill -0 "$gateway" 2>/dev/null || { cat "$work/gateway.log"; exit 1; }
  sleep 0.2
done
cat "$work/ready"
# Not even its own code can it write, and it is nobody's root.
grep -E '^(Uid|NoNewPrivs|CapEff)' "/proc/$gateway/status"
# As root only a root that is read-only stands in the way; without one it is the user who may not.
if ("${writer[@]}" bash -c 'echo >>"$1"' _ "/proc/$gateway/root$work/app/dist/main.js") 2>/dev/null; then echo 'The root is writable.'; exit 1; fi
for provider in NGS SENS; do
  answer=$(ask "$url/graphql" "$key" '{
    "query": "mutation ($input: SendSmsInput!) { sendSms(input: $input) { __typename ... on Message { state } ... on Error { code message } } }",
    "variables": { "input": { "idempotencyKey": "'$provider'", "to": "010-1234-5678", "text": "hello", "providers": ["'$provider'"], "wait": "SUBMITTED" } } }')
  echo "$provider $answer"
  [[ $answer == *'"__typename":"Message"'* ]] || { cat "$work/gateway.log"; exit 1; }
done
kill -TERM "$gateway"
wait "$gateway" && echo 'stopped with 0'
