# Sourced by the scripts, with $root set: brings a checkout to where `node apps/cli/dist/main.js` runs the code that
# is in it, and puts the pinned Node first on PATH. Says nothing when there is nothing to do; what it says goes to
# stderr, because stdout belongs to the command that follows.

lock_dir="$root/.prepare.lock"
installed_stamp="$root/node_modules/.lock-stamp"
built_stamp="$root/node_modules/.built-stamp"
lock_wait_seconds=${PREPARE_WAIT_SECONDS:-600}

prepare() {
  if ! installed || ! built; then
    take_lock
    install_packages
    build_all
    release_lock
  fi
  use_pinned_node
}

say() { echo "catalogsync: $*" >&2; }

give_up() {
  say "$@"
  exit 1
}

installed() { cmp -s "$root/package-lock.json" "$installed_stamp"; }

# Anything written, moved or deleted since the last build began counts as a change. ctime, not mtime: a file that is
# copied or moved in with its old date is news as well. A find without -cnewer fails, and then turbo decides.
built() {
  [ -f "$built_stamp" ] && [ -f "$root/apps/cli/dist/main.js" ] || return 1
  news=$(cd "$root" && find packages apps package.json package-lock.json turbo.json tsconfig.base.json \
    \( -name node_modules -o -name dist -o -name build -o -name .svelte-kit -o -name .turbo \) -prune \
    -o -cnewer "$built_stamp" -print 2>&1) || return 1
  [ -z "$news" ]
}

install_packages() {
  installed && return
  command -v node >/dev/null || give_up 'node is not on the PATH. Any Node that runs npm will do: the right one is then installed here.'
  command -v npm >/dev/null || give_up 'npm is not on the PATH. Install npm 8 or newer (it comes with Node), then start again.'
  npm_version=$(npm --version 2>/dev/null) ||
    give_up "npm does not run with node $(node --version 2>&1). Install a newer Node (18 or later), then start again."
  [ "${npm_version%%.*}" -ge 8 ] 2>/dev/null ||
    give_up "npm $npm_version is too old: npm 8 or newer reads our lock file. Install a newer Node (18 or later)."

  if ! node "$root/scripts/lib/is-installed.mjs" "$root"; then
    say 'installing packages…'
    quietly "$root/.prepare.lock/install.log" npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund --loglevel=error ||
      give_up 'the packages could not be installed (see above).'
    rm -f "$built_stamp"
  fi
  cp "$root/package-lock.json" "$installed_stamp"
}

# Builds until nothing has changed since the build began: an edit made meanwhile, and the dist folders that a first
# build makes, are seen by the next round, which turbo answers from its cache.
build_all() {
  use_pinned_node
  for round in 1 2 3 4 5; do
    built && return
    [ $round -gt 1 ] || say 'building…'
    touch "$root/node_modules/.building-stamp"
    quietly "$root/.prepare.lock/build.log" turbo run build --output-logs=errors-only --no-update-notifier ||
      give_up 'the build failed (see above).'
    mv "$root/node_modules/.building-stamp" "$built_stamp"
  done
}

use_pinned_node() {
  case ":$PATH:" in
    ":$root/node_modules/.bin:"*) ;;
    *) PATH="$root/node_modules/.bin:$PATH" && export PATH ;;
  esac
  [ -z "${node_checked:-}" ] || return 0
  node_checked=yes
  # Where the pinned Node is installed it is new enough; elsewhere the system's own has to be.
  [ -x "$root/node_modules/.bin/node" ] && return
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 18) ? 0 : 1)' ||
    give_up "no Node is bundled for this system, and its own is $(node --version 2>&1): Node 22.18 or newer is needed."
}

# quietly LOG COMMAND…: in the checkout, without a terminal to ask; the output is shown only if it fails.
quietly() {
  log=$1
  shift
  if (cd "$root" && TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1 "$@") </dev/null >"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# One install or build at a time: mkdir is atomic on every file system. The lock of a process that died is taken over.
take_lock() {
  waited=0
  until mkdir "$lock_dir" 2>/dev/null; do
    [ -w "$root" ] || give_up "cannot write to $root, which has to be installed or built first."
    [ $waited -ne 0 ] || say 'waiting for another start to finish its install or build…'
    [ $waited -lt "$lock_wait_seconds" ] ||
      give_up "waited $waited s. If nothing else is starting, remove $lock_dir and start again."
    drop_dead_lock
    sleep 1
    waited=$((waited + 1))
  done
  trap release_lock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  echo $$ >"$lock_dir/pid"
}

# Two that wait may both see a dead owner: only the one that makes .taking looks again and removes the lock.
drop_dead_lock() {
  owner_is_dead || return 0
  mkdir "$lock_dir.taking" 2>/dev/null || return 0
  if owner_is_dead; then rm -rf "$lock_dir"; fi
  rmdir "$lock_dir.taking"
}

owner_is_dead() {
  owner=$(cat "$lock_dir/pid" 2>/dev/null) && [ -n "$owner" ] || return 1
  ! kill -0 "$owner" 2>/dev/null && [ ! -d "/proc/$owner" ]
}

release_lock() {
  rm -rf "$lock_dir"
  trap - EXIT INT TERM HUP
}
