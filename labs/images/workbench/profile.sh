# Sourced by every login shell of the workbench.
export LANG=C.UTF-8 EDITOR=nano LESS=-R
# A service's answer may hold anything: a pager or editor started on it must not run commands.
export LESSSECURE=1
PS1='\[\e[1;36m\]workbench\[\e[0m\] \[\e[1m\]\w\[\e[0m\] \$ '
alias ls='ls --color=auto' grep='grep --color=auto' ll='ls -l'
[ -d "$HOME/ferry" ] && [ "$PWD" = "$HOME" ] && cd "$HOME/ferry"
case $- in *i*) cat /etc/drydock-greeting ;; esac

# The kernel ends a program that asks for more memory than there is; all the shell says then is "Killed".
# Counted for this container, in memory.events (cgroup v2) or memory.oom_control (v1).
_memory_kills() {
  local file word count
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] || continue
    while read -r word count; do
      if [ "$word" = oom_kill ]; then
        printf -v "$1" %s "$count"
        return
      fi
    done <"$file"
  done
}
_tell_memory_kills() {
  local before=$_memory_kills_seen
  _memory_kills _memory_kills_seen
  [ "$_memory_kills_seen" = "$before" ] ||
    echo 'Out of memory: a program here was ended, for all of this workbench has 1 GiB. Shell and files are as they were.' >&2
}
if [ -n "$BASH_VERSION" ]; then
  _memory_kills_seen=
  _memory_kills _memory_kills_seen
  PROMPT_COMMAND=_tell_memory_kills
fi
