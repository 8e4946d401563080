# Sourced: `venv NAME PACKAGE...` makes a Python virtual environment in .tmp/venv/NAME with these packages, or takes the
# one that is there already with the same packages, and sets VENV to its folder.
venv() {
  VENV="$PWD/.tmp/venv/$1"
  local wanted="${*:2}"
  [ "$(cat "$VENV/wanted" 2>/dev/null)" = "$wanted" ] && return
  rm -rf "$VENV"
  mkdir -p "$PWD/.tmp/venv"
  python3 -m venv "$VENV"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"
  echo "$wanted" > "$VENV/wanted"
}
