#!/bin/sh
# Make .venv what a lock says: `setup.sh runtime` to chat, `setup.sh dev` to test as well. Where
# MODEL_URL is set, in the environment or in .env, a server has the model: to chat, llama.cpp is not
# needed then, and nothing is compiled.
#
# Speaks on standard error only, so that a chat can be piped through `make chat`. Does nothing
# when the last complete set-up came from the same lock, in the same folder. A failed or
# interrupted one is done again, because the stamp is written last.
set -eu
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
venv=.venv
log=$venv/setup.log

say() { printf '%s\n' "$*" >&2; }
fail() { say "Set-up stopped: $*"; exit 1; }

has_server() { # the same as bot/settings reads: names in any case, and an empty value is none
    env | grep -qi '^MODEL_URL=.' && return
    [ -f .env ] || return 1
    set_to=$(LC_ALL=C tr a-z A-Z <.env |
        sed -n 's/^[[:space:]]*\(EXPORT[[:space:]]\{1,\}\)\{0,1\}MODEL_URL[[:space:]]*=[[:space:]]*//p' |
        tail -n 1)
    case $set_to in
        '' | "''"* | '""'*) return 1 ;;
    esac
}

wanted=${1:-runtime}
case $wanted in
    runtime) if has_server; then wanted=remote; fi ;;
    dev) ;;
    *) echo "usage: setup.sh runtime|dev" >&2; exit 2 ;;
esac

lock_of() {
    case $1 in
        remote) echo requirements-remote.lock ;;
        runtime) echo requirements.lock ;;
        dev) echo requirements-dev.lock ;;
    esac
}
lock=$(lock_of "$wanted")

# What an environment was made of; its copy in .venv is the stamp. Who has more has what is less.
recipe_of() { pwd; cat pyproject.toml "$(lock_of "$1")"; }
is_ready() {
    recipe_of "$wanted" | cmp -s - "$venv/ready-$wanted" && [ -x $venv/bin/python ]
}
stamp() { recipe_of "$1" >"$venv/ready-$1"; }

check_python() {
    command -v "$python" >/dev/null 2>&1 ||
        fail "there is no $python here. Install Python 3.11 or newer."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$("$python" --version 2>&1) is too old. Install Python 3.11 or newer, and name it" \
            "where it is not the first: make PYTHON=python3.12 ..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python has no venv module. Install it (Debian, Ubuntu: apt install python3-venv)."
}

is_compiled() { ls -d $venv/lib/python3*/site-packages/llama_cpp >/dev/null 2>&1; }

check_compiler() {
    # On a bare macOS c++ exists, and only says how to get the real one: so it is run.
    for compiler in "${CXX:-c++}" g++ clang++; do
        "$compiler" --version >/dev/null 2>&1 && return
    done
    fail "there is no C++ compiler here, and llama.cpp has to be compiled." \
        "Install one (Debian, Ubuntu: apt install g++; macOS: xcode-select --install)."
}

spare_amx() {
    # gcc 12 compiles llama.cpp's AMX code (some server CPUs have it) into an illegal instruction:
    # it drops the tile configuration that the code has just written. So that code is left out;
    # the CPU's other vector instructions are used as they are.
    without="-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    # shellcheck disable=SC2086 # three words
    if echo 'int main() { return 0; }' | "$compiler" $without -fsyntax-only -x c++ - 2>/dev/null; then
        export CFLAGS="${CFLAGS:-} $without" CXXFLAGS="${CXXFLAGS:-} $without"
    fi
}

explain() { # why pip failed, in one line where the reason is known
    if grep -q 'No space left on device' $log; then
        fail "the disk is full."
    elif grep -q 'DO NOT MATCH THE HASHES' $log; then
        fail "a package is not the one that $lock promises; nothing of it was installed." \
            "See $log."
    elif grep -q 'Failed building wheel for llama' $log; then
        fail "llama.cpp did not compile. The compiler's own words are in $log."
    elif grep -qE 'NewConnection|NameResolution|Connection(Timeout|Refused|Reset)|ReadTimeout|ConnectTimeout|ProxyError|Failed to establish|Connection broken' $log; then
        fail "the package index cannot be reached. Look to the network and start again." \
            "Whatever was compiled or fetched already is kept."
    fi
    grep '^ERROR' $log | tail -n 5 >&2 || true
    fail "pip failed; all it said is in $log."
}

heartbeat() { # every 20 seconds, as long as this script lives: what pip is at
    beats=0
    while sleep 20 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        beats=$((beats + 1))
        say "  $((beats / 3)) min $((beats % 3 * 20)) s: $(tail -n 1 $log | cut -c 1-70)"
    done
}

pip() { # pip in the foreground, so that Ctrl-C reaches it and what it has started
    heartbeat &
    alive=$!
    trap 'kill $alive 2>/dev/null || true' EXIT
    PIP_DISABLE_PIP_VERSION_CHECK=1 $venv/bin/python -m pip "$@" >>$log 2>&1 </dev/null || explain
    kill $alive 2>/dev/null || true
    trap - EXIT
}

make_venv() {
    $venv/bin/python -m pip --version >/dev/null 2>&1 && return
    say "Making the Python environment in $venv ..."
    "$python" -m venv --clear $venv || fail "$python could not make $venv."
}

install() {
    if is_compiled || [ "$wanted" = remote ]; then
        say "Bringing $venv to what $lock says ..."
    else
        say "Fetching the packages of $lock and compiling llama.cpp for this machine ..."
        say "(that takes some minutes, once; what it is at is said every 20 seconds)"
    fi
    : >$log
    pip install --require-hashes --requirement $lock
    pip install --no-deps --no-build-isolation --editable .
}

is_ready && exit 0
check_python
is_compiled || [ "$wanted" = remote ] || { check_compiler; spare_amx; }
rm -f $venv/ready-*
make_venv
install
stamp remote
[ "$wanted" = remote ] || stamp runtime
[ "$wanted" != dev ] || stamp dev
say "Set-up is complete."
