// The program in its pty.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "keeper.h"

static _Noreturn void become(const char *terminal, char **program) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  setsid();
  int fd = open(terminal, O_RDWR);  // the first terminal a session leader opens becomes its controlling one
  if (fd < 0) _exit(126);
  ioctl(fd, TIOCSCTTY, 0);
  for (int number = 0; number < 3; number++) dup2(fd, number);
  if (fd > 2) close(fd);
  setenv("TERM", "xterm-256color", 1);
  // Here, not in the exec that started us: its working directory is resolved by the engine.
  const char *home = getenv("HOME");
  if ((!home || chdir(home) < 0) && chdir("/") < 0) _exit(126);
  execvp(program[0], program);
  dprintf(2, "%s: %s\r\n", program[0], strerror(errno));
  _exit(127);
}

int shell_start(struct shell *shell, char **program) {
  char terminal[64];
  shell->pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (shell->pty < 0 || grantpt(shell->pty) < 0 || unlockpt(shell->pty) < 0) return -1;
  if (ptsname_r(shell->pty, terminal, sizeof terminal) != 0) return -1;
  // Kept open, or the master would report a hang-up whenever no process has the terminal open for a moment.
  if (open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC) < 0) return -1;
  shell_resize(shell, 80, 24);
  shell->pid = fork();
  if (shell->pid == 0) become(terminal, program);
  return shell->pid < 0 ? -1 : 0;
}

void shell_resize(struct shell *shell, unsigned cols, unsigned rows) {
  struct winsize size = {
      .ws_col = cols < 2 ? 2 : cols > 1000 ? 1000 : cols,
      .ws_row = rows < 1 ? 1 : rows > 1000 ? 1000 : rows,
  };
  if (shell->pty >= 0) ioctl(shell->pty, TIOCSWINSZ, &size);
}

void shell_write(struct shell *shell) {
  if (shell->input_used == 0 || shell->pty < 0) return;
  ssize_t put = write(shell->pty, shell->input, shell->input_used);
  if (put <= 0) return;
  shell->input_used -= put;
  memmove(shell->input, shell->input + put, shell->input_used);
}

// Session of a process (proc_pid_stat(5), field 6), or -1.
static pid_t session_of(pid_t pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (got <= 0) return -1;
  text[got] = 0;
  const char *after = strrchr(text, ')');  // the name before it may hold anything
  int session;
  return after && sscanf(after + 1, " %*c %*d %*d %d", &session) == 1 ? session : -1;
}

// Every process of the terminal's session, whatever group job control put it in.
void shell_signal(struct shell *shell, int number) {
  DIR *all = opendir("/proc");
  if (!all) {
    kill(-shell->pid, number);
    return;
  }
  for (struct dirent *entry; (entry = readdir(all));) {
    pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
    if (pid > 1 && session_of(pid) == shell->pid) kill(pid, number);
  }
  closedir(all);
}
