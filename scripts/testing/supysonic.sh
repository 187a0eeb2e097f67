#!/bin/sh
# A real Subsonic server (supysonic, Debian 12) on 127.0.0.1 for the integration tests.
#   supysonic.sh install              installs what is missing with apt-get; exit 3 if that cannot be done
#   supysonic.sh start DIR PORT [LIB] makes and fills DIR once and starts the server; exit 3 as above
#   supysonic.sh stop DIR             ends the process that start has started
# Without LIB it serves ten tracks with two playlists, made from audio that Debian packages bring. With LIB it reads
# that folder and makes no playlist. SUBSONIC_PASSWORD is the password of the user admin.
set -eu
packages='supysonic python3-waitress flac vorbis-tools curl asterisk-moh-opsound-wav sound-theme-freedesktop'
# flac and supysonic read tags and names in the locale's encoding.
export LC_ALL=C.UTF-8
user=admin
pass=${SUBSONIC_PASSWORD:-lab-password}

main() {
  case ${1:-} in
    install) install ;;
    start) install && start "$2" "$3" "${4:-}" ;;
    stop) stop "$2" ;;
    *) sed -n '2,7p' "$0" >&2 && exit 2 ;;
  esac
}

install() {
  missing=''
  for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || cannot "needs root and apt-get to install$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 -- one word for each package
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >&2 ||
    cannot "apt-get could not install$missing"
}

cannot() {
  echo "supysonic.sh: $1" >&2
  exit 3
}

start() {
  dir=$1 port=$2 lib=$3
  mkdir -p "$dir/cache"
  [ -n "$lib" ] || { lib=$dir/library && tracks; }
  cd "$dir" # it reads ./supysonic.conf
  settings >supysonic.conf
  if [ ! -f supysonic.db ]; then
    supysonic-cli user add "$user" -p "$pass" >&2
    supysonic-cli folder add Music "$lib" >&2
  fi
  supysonic-cli folder scan Music --foreground >&2
  setsid nohup supysonic-server -S waitress -h 127.0.0.1 -p "$port" --threads 8 >server.out 2>&1 </dev/null &
  echo $! >pid
  await_answer
  [ "$lib" != "$dir/library" ] || [ -f playlists.done ] || { playlists && : >playlists.done; }
}

stop() {
  [ -f "$1/pid" ] && kill "$(cat "$1/pid")" 2>/dev/null || true
  rm -f "$1/pid"
}

settings() {
  cat <<CONF
[base]
database_uri = sqlite:///$dir/supysonic.db
[webapp]
cache_dir = $dir/cache
log_file = $dir/supysonic.log
log_level = INFO
[daemon]
socket = $dir/supysonic.sock
run_watcher = no
[mimetypes]
flac = audio/flac
ogg = audio/ogg
wav = audio/x-wav
CONF
}

# Three containers, disc numbers, é, Cyrillic and 夜, files with tags and without.
tracks() {
  moh=/usr/share/asterisk/moh
  flac_of macroform-cold_day Macroform 'Opsound Sampler' 2004 01 1 'Cold Day' ''
  flac_of macroform-robot_dity Macroform 'Opsound Sampler' 2004 02 1 'Robot Dity' ''
  flac_of macroform-the_simplicity Macroform 'Opsound Sampler' 2004 01 2 'The Simplicity' /CD2
  flac_of manolo_camp-morning_coffee 'Manolo Camp' 'Café & Ночь 夜' 2003 01 1 'Morning Coffee' ''
  system="$lib/Reno Project/System/01 - System.ogg"
  mkdir -p "$lib/Reno Project/System" "$lib/untagged" "$lib/freedesktop"
  [ -f "$system" ] || oggenc -Q -q 3 -a 'Reno Project' -l System -t System -N 1 -d 2005 -o "$system" \
    "$moh/reno_project-system.wav"
  cp "$moh/manolo_camp-morning_coffee.wav" "$lib/untagged/morning_coffee.wav"
  for sound in bell complete message phone-incoming-call; do
    cp -L "/usr/share/sounds/freedesktop/stereo/$sound.oga" "$lib/freedesktop/$sound.ogg"
  done
}

# flac_of WAV ARTIST ALBUM YEAR TRACK DISC TITLE SUBFOLDER
flac_of() {
  folder="$lib/$2/$3$8"
  mkdir -p "$folder"
  [ -f "$folder/$5 - $7.flac" ] || flac -s -f -o "$folder/$5 - $7.flac" -T "ARTIST=$2" -T "ALBUMARTIST=$2" \
    -T "ALBUM=$3" -T "DATE=$4" -T "TRACKNUMBER=$5" -T "DISCNUMBER=$6" -T "TITLE=$7" -T GENRE=Ambient "$moh/$1.wav"
}

ask() {
  method=$1
  shift
  curl -fsS -G "http://127.0.0.1:$port/rest/$method.view" --data-urlencode "u=$user" --data-urlencode "p=$pass" \
    -d v=1.10.2 -d c=testing -d f=json "$@"
}

await_answer() {
  tries=0
  until ask ping >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 150 ] || { cat server.out >&2 && exit 1; }
    sleep 0.1
  done
}

playlists() {
  ids=$(ask getRandomSongs -d size=500 | python3 -c '
import json, sys
songs = json.load(sys.stdin)["subsonic-response"]["randomSongs"]["song"]
for song in sorted(songs, key=lambda song: song["path"]): print(song["suffix"], song["id"])')
  # shellcheck disable=SC2046 -- two words for each song
  ask createPlaylist --data-urlencode 'name=Opsound FLAC' $(echo "$ids" | sed -n 's/^flac /-d songId=/p') >/dev/null
  # shellcheck disable=SC2046 -- as above
  ask createPlaylist --data-urlencode 'name=Everything 全部' $(echo "$ids" | sed 's/^[^ ]* /-d songId=/') >/dev/null
}

main "$@"
