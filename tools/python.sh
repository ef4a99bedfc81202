# Sourced by ./run and ./test: `ensure_python REQUIREMENTS` leaves a Python ≥ 3.11 that has them in $PYTHON.
# Everything goes into .venv beside the project; nothing of the machine's own Python is changed.

say() { printf '%s\n' "$*" >&2; }

find_python() {
  for name in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  say "Python 3.11 or newer is needed. Install it (Debian: apt install python3 python3-venv; macOS: brew install python), then run this again."
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}

apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq >&2 && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >&2
}

make_venv() {
  local python
  python=$(find_python)
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 && return
  apt_install python3-venv && rm -rf .venv && "$python" -m venv .venv && return
  "$python" -m virtualenv -q .venv 2>/dev/null && return
  say "This Python cannot make virtual environments. Install its venv module (Debian: apt install python3-venv), then run this again."
  exit 1
}

ensure_python() {
  .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
  PYTHON=.venv/bin/python
  local stamp=".venv/.installed-$1"
  if ! cat requirements*.txt | cmp -s - "$stamp"; then
    say "Installing what $1 lists (once) …"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check -r "$1" >&2
    cat requirements*.txt > "$stamp"
  fi
}
