// Makes each forbidden system call once, each in a process of its own, by the 64-bit and the 32-bit ABI of x86-64, and
// prints `abi name errno`. `syscalls wait` sleeps: somebody else's process, to be traced.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
  const char *name;
  long wide, narrow, args[5];
};

// Stand in for values known only when it runs.
enum { NO_ABI = 200, TRACED = -1003, ALG, VSOCK };

static pid_t somebodys(void) {
  DIR *all = opendir("/proc");
  pid_t found = 0;
  for (struct dirent *entry; all && (entry = readdir(all));) {
    char path[64];
    struct stat info;
    pid_t pid = atoi(entry->d_name);
    snprintf(path, sizeof path, "/proc/%d", pid);
    if (pid > 1 && stat(path, &info) == 0 && info.st_uid == 12345) found = pid;
  }
  if (all) closedir(all);
  return found;
}

/** Arguments that are addresses must lie below 4 GiB for the 32-bit ABI; statics of a static program do. */
static unsigned alg[] = {AF_ALG, SOCK_SEQPACKET, 0}, vsock[] = {AF_VSOCK, SOCK_STREAM, 0};

static long narrow(long number, const long *a) {
#ifdef __x86_64__
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
                   : "memory", "r8", "r9", "r10", "r11");
  return (int)result;
#else
  (void)number, (void)a;
  _exit(NO_ABI);
#endif
}

/** errno, 0 when the call was let through and worked; NO_ABI when the kernel has no such ABI. */
static int attempt(const struct call *call, int is_narrow, pid_t victim) {
  pid_t child = fork();
  if (child == 0) {
    long a[5];
    memcpy(a, call->args, sizeof a);
    for (int i = 0; i < 5; i++) {
      if (a[i] == TRACED) a[i] = victim;
      if (a[i] == ALG) a[i] = (long)alg;
      if (a[i] == VSOCK) a[i] = (long)vsock;
    }
    long result = is_narrow ? narrow(call->narrow, a) : syscall(call->wide, a[0], a[1], a[2], a[3], a[4]);
    if (!is_narrow && result < 0) result = -errno;
    _exit(result < 0 ? (int)-result : 0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : NO_ABI;
}

int main(int count, char **words) {
  if (count > 1 && strcmp(words[1], "wait") == 0) return sleep(60), 0;
  static const struct call calls[] = {
      {"getpid", SYS_getpid, 20, {0}},
      {"io_uring_setup", 425, 425, {1, 0}},
      {"socket AF_ALG", SYS_socket, 359, {AF_ALG, SOCK_SEQPACKET, 0}},
      {"socket AF_VSOCK", SYS_socket, 359, {AF_VSOCK, SOCK_STREAM, 0}},
      {"socketcall AF_ALG", 0, 102, {1, ALG}},
      {"socketcall AF_VSOCK", 0, 102, {1, VSOCK}},
      {"unshare NEWUSER", SYS_unshare, 310, {CLONE_NEWUSER}},
      {"clone NEWUSER", SYS_clone, 120, {CLONE_NEWUSER | SIGCHLD}},
      {"clone3", 435, 435, {0, 0}},
      {"mount", SYS_mount, 21, {0, 0, 0, 0, 0}},
      {"keyctl", SYS_keyctl, 288, {0, -2, 0}},
      {"bpf", SYS_bpf, 357, {0, 0, 0}},
      {"userfaultfd", SYS_userfaultfd, 374, {0}},
      {"open_by_handle_at", SYS_open_by_handle_at, 342, {-1, 0, 0}},
      {"ptrace of another user", SYS_ptrace, 26, {PTRACE_ATTACH, TRACED, 0, 0}},
  };
  pid_t victim = somebodys();
  for (int tries = 0; !victim && tries < 50; tries++) {
    usleep(100000);
    victim = somebodys();
  }
  if (!victim) return fputs("nobody else's process is there\n", stderr), 1;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (calls[i].wide) printf("64 %s %d\n", calls[i].name, attempt(&calls[i], 0, victim));
    printf("32 %s %d\n", calls[i].name, attempt(&calls[i], 1, victim));
  }
  return 0;
}
