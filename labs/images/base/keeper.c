// keeper attach NAME [-- program args…]: joins stdin and stdout to the keeper of that name, starting it if needed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "keeper.h"

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "keeper: %s: %s\n", what, strerror(errno));
  exit(3);
}

static int is_name(const char *name) {
  size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return length >= 1 && length <= 32 && name[length] == 0;
}

// /tmp is everybody's: the folder must be ours alone, and no link somebody put there first.
static void open_folder(char *path, size_t size) {
  snprintf(path, size, "/tmp/.keeper-%u", (unsigned)getuid());
  if (mkdir(path, 0700) < 0 && errno != EEXIST) fail(path);
  struct stat found;
  if (lstat(path, &found) < 0) fail(path);
  if (!S_ISDIR(found.st_mode) || found.st_uid != getuid() || (found.st_mode & 077)) {
    errno = EPERM;
    fail(path);
  }
}

static int connect_to(const struct sockaddr_un *address) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0) return fd;
  close(fd);
  return -1;
}

static void spawn(const struct sockaddr_un *address, char **program, int lock) {
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  unlink(address->sun_path);
  if (listener < 0 || bind(listener, (const struct sockaddr *)address, sizeof *address) < 0) fail(address->sun_path);
  if (listen(listener, 8) < 0) fail("listen");
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    // Twice forked, so that the container's init, not this attach, is its parent.
    if (fork() != 0) _exit(0);
    close(lock);
    keeper_serve(listener, address->sun_path, program);
  }
  close(listener);
}

static int join_or_start(const char *name, char **program) {
  char folder[64], lock_path[128];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  open_folder(folder, sizeof folder);
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s.sock", folder, name);
  snprintf(lock_path, sizeof lock_path, "%s/lock", folder);
  int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) < 0) fail(lock_path);
  int fd = connect_to(&address);
  if (fd < 0) {
    spawn(&address, program, lock);
    fd = connect_to(&address);
  }
  close(lock);
  if (fd < 0) fail(address.sun_path);
  return fd;
}

struct flow {
  int from, to;
  size_t used, done;
  int ended;
  uint8_t bytes[64 * 1024];
};

// False once nothing can come or go any more.
static int move(struct flow *flow, int readable, int writable) {
  if (readable && flow->used == 0 && !flow->ended) {
    ssize_t got = read(flow->from, flow->bytes, sizeof flow->bytes);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) flow->ended = 1;
    if (got > 0) flow->used = got, flow->done = 0, writable = 1;
  }
  if (writable && flow->used > 0) {
    ssize_t put = write(flow->to, flow->bytes + flow->done, flow->used - flow->done);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return 0;
    if (put > 0 && (flow->done += put) == flow->used) flow->used = 0;
  }
  return !(flow->ended && flow->used == 0);
}

// The two directions never wait for each other: a Ctrl-C must get in while output is stuck.
static void bridge(int fd) {
  static struct flow up, down;
  up.from = 0, up.to = fd, down.from = fd, down.to = 1;
  for (int every[] = {0, 1, fd}, index = 0; index < 3; index++) {
    fcntl(every[index], F_SETFL, fcntl(every[index], F_GETFL) | O_NONBLOCK);
  }
  for (int up_open = 1;;) {
    struct pollfd polls[4] = {
        {.fd = up_open && up.used == 0 ? 0 : -1, .events = POLLIN},
        {.fd = up.used > 0 ? fd : -1, .events = POLLOUT},
        {.fd = down.used == 0 ? fd : -1, .events = POLLIN},
        // Polled for nothing while idle, it still tells when the reader has gone away.
        {.fd = 1, .events = down.used > 0 ? POLLOUT : 0},
    };
    if (poll(polls, 4, -1) < 0 && errno != EINTR) return;
    if (up_open && !move(&up, polls[0].revents, polls[1].revents)) {
      up_open = 0;
      shutdown(fd, SHUT_WR);
    }
    if (!move(&down, polls[2].revents, polls[3].revents)) return;
    if (polls[3].revents & (POLLERR | POLLHUP)) return;
  }
}

int main(int count, char **words) {
  if (count < 3 || strcmp(words[1], "attach") != 0 || !is_name(words[2]) ||
      (count > 3 && (strcmp(words[3], "--") != 0 || count == 4))) {
    fprintf(stderr, "usage: keeper attach NAME [-- program args…]   (NAME: a-z, 0-9, -, at most 32)\n");
    return 2;
  }
  static char *bash[] = {"/bin/bash", "-l", NULL};
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
  bridge(join_or_start(words[2], count > 3 ? words + 4 : bash));
  return 0;
}
