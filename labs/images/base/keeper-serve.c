// The keeper's loop: one shell, its ring, at most one client and one newcomer that has not greeted yet.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "keeper.h"

enum { KILL_AFTER_MS = 500, KILLS = 4, LINGER_MS = 30000 };

// Static: the keeper never allocates, so no flood can make it grow.
static struct ring ring;
static struct shell shell;
static struct client slots[2];
static struct client *client = &slots[0], *newcomer = &slots[1];
static int64_t kill_at, end_at;
static int kills;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void detach_from_caller(void) {
  setsid();
  int null = open("/dev/null", O_RDWR);
  for (int number = 0; number < 3; number++) dup2(null, number);
  if (null > 2) close(null);
  if (chdir("/") < 0) _exit(3);
}

static void welcome(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  int bytes = AHEAD_MAX;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  client_close(newcomer);
  newcomer->fd = fd;
}

static void act(struct client *from, enum client_event event) {
  if (event == CLIENT_GONE) client_close(from);
  if (event == CLIENT_END_SHELL && !kill_at) {
    shell_signal(&shell, SIGHUP);
    shell_signal(&shell, SIGCONT);
    kill_at = now() + KILL_AFTER_MS;
  }
  if (event == CLIENT_GREETED && from == newcomer) {
    client_close(client);
    newcomer = client;
    client = from;
  }
}

// Whoever is attached sets the pace; with nobody there the ring takes it all.
static int may_read_pty(void) {
  return shell.pty >= 0 && (client->fd < 0 || ring.total - client->sent < AHEAD_MAX);
}

static void read_pty(void) {
  uint8_t bytes[4096];
  while (may_read_pty()) {
    ssize_t got = read(shell.pty, bytes, sizeof bytes);
    if (got > 0) ring_add(&ring, bytes, got);
    if (got > 0 || (got < 0 && errno == EINTR)) continue;
    if (shell.exited) close(shell.pty), shell.pty = -1;
    return;
  }
}

static void reap(int signals) {
  struct signalfd_siginfo info;
  while (read(signals, &info, sizeof info) > 0) continue;
  int status;
  if (shell.exited || waitpid(shell.pid, &status, WNOHANG) != shell.pid) return;
  shell.exited = 1;
  shell.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end_at = now() + LINGER_MS;
}

// A job that ignores the hang-up outlives its shell, so an ending is over only after the kill.
static void kill_rest(void) {
  if (!kill_at || now() < kill_at) return;
  shell_signal(&shell, SIGKILL);
  kill_at = now() + KILL_AFTER_MS;
  kills++;
}

static int done(void) {
  if (!shell.exited || (kill_at && kills == 0)) return 0;
  int told = client->told_exit && client->out_used == 0;
  return told || now() >= end_at || (kill_at && (client->fd < 0 || kills >= KILLS));
}

static int patience(void) {
  int64_t until = kill_at ? kill_at : end_at;
  if (!until) return -1;
  return until > now() ? until - now() : 0;
}

_Noreturn void keeper_serve(int listener, const char *socket_path, char **program) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGHUP, SIG_IGN);
  int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  slots[0].fd = slots[1].fd = -1;
  detach_from_caller();
  if (signals < 0 || shell_start(&shell, program) < 0) unlink(socket_path), _exit(3);
  while (!done()) {
    int sending = client->fd >= 0 && (client->out_used > 0 || (client->credit > 0 && client->sent < ring.total));
    // Only keystrokes wait for room: the order to end the shell must get in when the program reads nothing.
    int held = shell.input_used >= INPUT_MAX && client->in_used >= HEADER && client->in[0] == 'i';
    struct pollfd polls[] = {
        {.fd = listener, .events = POLLIN},
        {.fd = signals, .events = POLLIN},
        {.fd = shell.exited ? -1 : may_read_pty() || shell.input_used ? shell.pty : -1,
         .events = (may_read_pty() ? POLLIN : 0) | (shell.input_used ? POLLOUT : 0)},
        {.fd = client->fd, .events = (held ? 0 : POLLIN) | (sending ? POLLOUT : 0)},
        {.fd = newcomer->fd, .events = POLLIN},
    };
    if (poll(polls, 5, patience()) < 0 && errno != EINTR) break;
    if (polls[1].revents) reap(signals);
    kill_rest();
    struct client *was = client, *fresh = newcomer;
    if (polls[3].revents & (POLLIN | POLLHUP | POLLERR)) act(was, client_read(was, &shell, &ring));
    if (polls[4].revents) act(fresh, client_read(fresh, &shell, &ring));
    if (polls[0].revents) welcome(listener);
    shell_write(&shell);
    read_pty();
    if (client->fd >= 0 && client->greeted) act(client, client_send(client, &shell, &ring));
  }
  unlink(socket_path);
  _exit(0);
}
