# Sourced by every login shell of the workbench.
export LANG=C.UTF-8 EDITOR=nano LESS=-R
# A service's answer may hold anything: a pager or editor started on it must not run commands.
export LESSSECURE=1
PS1='\[\e[1;36m\]workbench\[\e[0m\] \[\e[1m\]\w\[\e[0m\] \$ '
alias ls='ls --color=auto' grep='grep --color=auto' ll='ls -l'
[ -d "$HOME/ferry" ] && [ "$PWD" = "$HOME" ] && cd "$HOME/ferry"
case $- in *i*) cat /etc/drydock-greeting ;; esac
