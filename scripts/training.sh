# shellcheck shell=bash disable=SC2154,SC2015
# How java is called, and its training: the JVM notes what a cluster at work does, for faster starts.
# Sourced by ./zonekeeper, and for the image by deploy/image/steps/train. Set before: JAVA_HOME; dist,
# the folder that has the class path in lib/; agent_options, an array of more options for agents.

# A file name for an argument file of java.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# Writes an argument file: its path, the AOT cache's option, more options. What the JVM itself has to say
# goes to stderr: stdout is for results, and for an agent's log in JSON.
arguments() {
  local file=$1 aot=$2 jar classpath=""
  shift 2
  for jar in "$dist"/lib/*.jar; do classpath="$classpath${classpath:+:}$jar"; done
  printf '%s\n' -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:-UsePerfData \
    -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning,aot=off,cds=off:stderr \
    --enable-native-access=ALL-UNNAMED "$@" \
    ${aot:+"$(quoted "$aot")"} -cp "$(quoted "$classpath")" dev.zonekeeper.cli.Main >"$file.new"
  mv "$file.new" "$file"
}

# An agent lives long, and there are several; a command is short and should start fast.
agent_arguments() {
  arguments "$1" "$2" -Xms16m -Xss512k -XX:+ExitOnOutOfMemoryError \
    ${agent_options[@]+"${agent_options[@]}"} "${@:3}"
}

cli_arguments() {
  arguments "$1" "$2" -Xmx512m -XX:TieredStopAtLevel=1 "$(quoted "-Dzonekeeper.agentArguments=$3")" "${@:4}"
}

# The JVM notes what a real cluster at work loads and how often it runs what, so that later starts are
# faster and begin with fast code. Does without when that cannot be done.
train() {
  local folder=$1 noted
  agent_arguments "$dist/agent.args" ""
  cli_arguments "$dist/cli.args" "" "$dist/agent.args"
  if [ -n "$(missing_programs named named-checkconf rndc nsupdate)" ]; then return; fi
  cli_arguments "$folder/cli.args" "-XX:AOTConfiguration=$folder/cli.noted" "$dist/agent.args" -XX:AOTMode=record
  noted="-XX:AOTConfiguration=$folder/agent.noted"
  agent_arguments "$folder/agent.args" "$noted" -XX:AOTMode=record
  cli_arguments "$folder/noting.args" "" "$folder/agent.args"
  for _ in 1 2 3; do
    if in_training "$folder/cli.args" local up --primaries 2 --secondaries 1 \
      --base-port $((10000 + RANDOM % 20000)); then
      break
    fi
  done
  # One agent is watched: as a standby, as the leader, as a standby again.
  in_training "$dist/cli.args" local kill primary-0 --signal TERM &&
    patiently in_training "$folder/noting.args" local start primary-0 &&
    write_in_training && patiently in_training "$dist/cli.args" switchover --to primary-0 &&
    write_in_training && patiently in_training "$dist/cli.args" switchover --to primary-1 &&
    write_in_training || true
  in_training "$dist/cli.args" local down --purge || true
  if cached agent "$folder"; then agent_arguments "$dist/agent.args" "-XX:AOTCache=$dist/agent.aot"; fi
  if cached cli "$folder"; then cli_arguments "$dist/cli.args" "-XX:AOTCache=$dist/cli.aot" "$dist/agent.args"; fi
}

in_training() { "$JAVA_HOME/bin/java" "@$1" "${@:2}" --dir "$folder/cluster"; }

# A member that was told to end has ended, and one that has come back is in sync, a moment later.
patiently() {
  local try
  for try in 1 2 3 4 5; do
    if "$@"; then return; fi
    sleep "$try"
  done
  return 1
}

# Clients that write for a while, at both members.
write_in_training() {
  local ports client i
  mapfile -t ports < <(sed -n 's/.*"dns" *: *"127.0.0.1:\([0-9]*\)".*/\1/p' \
    "$folder"/cluster/members/primary-*/agent.json)
  for client in 1 2 3 4 5 6 7 8; do
    {
      printf 'server 127.0.0.1 %d\nzone example.com\n' "${ports[client % ${#ports[@]}]}"
      for i in $(seq 250); do printf 'update add c%d-%d.example.com 60 TXT %d\nsend\n' "$client" "$i" "$i"; done
    } >"$folder/updates.$client"
    nsupdate -t 5 -k "$folder"/cluster/keys/*-update.key "$folder/updates.$client" &
  done
  wait
}

# Makes a cache of what was noted.
cached() {
  sed -e '/^-XX:AOTMode=/d' -e '/^"-XX:AOTConfiguration=/d' "$2/$1.args" >"$2/$1.create"
  [ -s "$2/$1.noted" ] &&
    "$JAVA_HOME/bin/java" -XX:AOTMode=create "-XX:AOTConfiguration=$2/$1.noted" "-XX:AOTCache=$2/$1.aot" @"$2/$1.create" &&
    mv "$2/$1.aot" "$dist/$1.aot"
}
