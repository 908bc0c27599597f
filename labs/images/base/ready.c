// ready http PORT PATH SECONDS | tcp PORT SECONDS | postgres PORT SECONDS
// Waits until the service at 127.0.0.1:PORT answers. Exit 0: ready. 1: not in time, the last reason on stderr.
//
// ready reach ADDRESS PORT [ADDRESS PORT]... SECONDS
// Knocks at each once, at all together, and prints "ADDRESS PORT open" or "... refused" of those that say so in time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_MS = 20, TRY_MS = 2000, DOORS = 32 };

static char reason[256] = "never tried";

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static int refuse(const char *what) {
  snprintf(reason, sizeof reason, "%.200s", what);
  return 0;
}

static int open_port(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval limit = {.tv_sec = TRY_MS / 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  snprintf(reason, sizeof reason, "port %d: %s", port, strerror(errno));
  if (fd >= 0) close(fd);
  return -1;
}

// Reads until `wanted` bytes are there, the peer stops or a line ends; returns what came.
static size_t read_some(int fd, char *bytes, size_t wanted, int line) {
  size_t used = 0;
  while (used < wanted) {
    ssize_t got = read(fd, bytes + used, wanted - used);
    if (got <= 0) break;
    used += got;
    if (line && memchr(bytes, '\n', used)) break;
  }
  return used;
}

static int http_ready(int fd, const char *path) {
  char line[257];
  dprintf(fd, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
  line[read_some(fd, line, sizeof line - 1, 1)] = 0;
  int status;
  if (sscanf(line, "HTTP/1.%*d %d", &status) != 1) return refuse("no HTTP answer");
  if (status < 500) return 1;
  line[strcspn(line, "\r\n")] = 0;
  return refuse(line);
}

// A StartupMessage (PostgreSQL protocol 3.0); 57P03 is "the database system is starting up".
static int postgres_ready(int fd) {
  static const char startup[] = "\0\0\0\x29\0\3\0\0user\0postgres\0database\0postgres\0";
  if (write(fd, startup, sizeof startup) != sizeof startup) return refuse("startup message not taken");
  char head[5], body[1024];
  if (read_some(fd, head, 5, 0) < 5) return refuse("no PostgreSQL answer");
  if (head[0] == 'R') return 1;
  if (head[0] != 'E') return refuse("not a PostgreSQL answer");
  uint32_t length;
  memcpy(&length, head + 1, 4);
  length = ntohl(length) - 4;
  size_t used = read_some(fd, body, length < sizeof body ? length : sizeof body, 0);
  return memmem(body, used, "C57P03", 7) ? refuse("starting up") : 1;
}

static void tell(char **door, int error) {
  if (error == 0 || error == ECONNREFUSED) printf("%s %s %s\n", door[0], door[1], error ? "refused" : "open");
}

// Returns whether an answer is still to come.
static int knock(struct pollfd *door, char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
  if (inet_pton(AF_INET, words[0], &address.sin_addr) != 1) return 0;
  door->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (door->fd < 0) return 0;
  int error = connect(door->fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
  if (error == EINPROGRESS) return 1;
  tell(words, error);
  door->fd = -1;
  return 0;
}

static int reach(int doors, char **words, double seconds) {
  struct pollfd door[DOORS];
  int64_t until = now() + (int64_t)(seconds * 1000), left;
  int waiting = 0;
  for (int n = 0; n < doors; n++) {
    door[n] = (struct pollfd){.fd = -1, .events = POLLOUT};
    waiting += knock(&door[n], words + 2 * n);
  }
  while (waiting > 0 && (left = until - now()) > 0) {
    if (poll(door, doors, (int)left) <= 0) continue;
    for (int n = 0; n < doors; n++) {
      if (door[n].fd < 0 || !door[n].revents) continue;
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(door[n].fd, SOL_SOCKET, SO_ERROR, &error, &size);
      tell(words + 2 * n, error);
      door[n].fd = -1;
      waiting--;
    }
  }
  return fflush(stdout) == 0 ? 0 : 1;
}

static int misused(void) {
  fprintf(stderr,
          "usage: ready http PORT PATH SECONDS | tcp PORT SECONDS | postgres PORT SECONDS\n"
          "       ready reach ADDRESS PORT [ADDRESS PORT]... SECONDS\n");
  return 2;
}

int main(int count, char **words) {
  const char *kind = count > 1 ? words[1] : "";
  int http = strcmp(kind, "http") == 0, tcp = strcmp(kind, "tcp") == 0, postgres = strcmp(kind, "postgres") == 0;
  int doors = (count - 3) / 2;
  if (strcmp(kind, "reach") == 0 && count % 2 == 1 && doors >= 1 && doors <= DOORS)
    return reach(doors, words + 2, atof(words[count - 1]));
  if (!(http && count == 5) && !((tcp || postgres) && count == 4)) return misused();
  int port = atoi(words[2]);
  int64_t until = now() + (int64_t)(atof(words[count - 1]) * 1000);
  do {
    int fd = open_port(port);
    if (fd >= 0) {
      int ready = tcp || (http ? http_ready(fd, words[3]) : postgres_ready(fd));
      close(fd);
      if (ready) return 0;
    }
    poll(NULL, 0, PAUSE_MS);
  } while (now() < until);
  fprintf(stderr, "%s\n", reason);
  return 1;
}
