// What a process can see of its confinement, one `kind<TAB>value` a line. Decides nothing and changes nothing: files
// are asked about, never opened for writing. What to look at follows amicontained, deepce and CDK's evaluate.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void lines(const char *kind, const char *path) {
  char line[4096];
  FILE *file = fopen(path, "r");
  if (!file) return;
  while (fgets(line, sizeof line, file)) printf("%s\t%s", kind, line);
  fclose(file);
}

static void report(const char *kind, const char *path) { printf("%s\t%s\n", kind, path); }

static int writable(const char *path, const struct stat *info, int type, struct FTW *at) {
  (void)at;
  if (type == FTW_F && S_ISREG(info->st_mode) && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
    report("writable", path);
  return 0;
}

static int special(const char *path, const struct stat *info, int type, struct FTW *at) {
  (void)at;
  if (type == FTW_D && (strcmp(path, "/proc") == 0 || strcmp(path, "/sys") == 0)) return FTW_SKIP_SUBTREE;
  if (type == FTW_SL || type == FTW_NS || type == FTW_DNR) return FTW_CONTINUE;
  if (S_ISREG(info->st_mode) && info->st_mode & (S_ISUID | S_ISGID)) report("setid", path);
  if (S_ISSOCK(info->st_mode)) report("socket", path);
  if (S_ISCHR(info->st_mode) || S_ISBLK(info->st_mode)) report("device", path);
  return FTW_CONTINUE;
}

/** The engine hides a file behind /dev/null and a folder behind an empty one. */
static void unhidden(const char *path) {
  struct stat info;
  if (stat(path, &info) < 0) return;
  if (S_ISREG(info.st_mode)) report("unhidden", path);
  if (!S_ISDIR(info.st_mode)) return;
  DIR *folder = opendir(path);
  int entries = 0;
  while (folder && readdir(folder)) entries++;
  if (entries > 2) report("unhidden", path);
  if (folder) closedir(folder);
}

int main(void) {
  static const char *const hidden[] = {"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                                       "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/sys/firmware"};
  lines("status", "/proc/self/status");
  lines("aslr", "/proc/sys/kernel/randomize_va_space");
  lines("mount", "/proc/self/mountinfo");
  lines("cgroup", "/proc/self/cgroup");
  lines("unix", "/proc/net/unix");
  lines("second", "/proc/2/comm");
  for (char **word = environ; *word; word++) printf("env\t%.*s\n", (int)strcspn(*word, "="), *word);
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) unhidden(hidden[i]);
  nftw("/proc/sys", writable, 16, FTW_PHYS);
  nftw("/sys", writable, 16, FTW_PHYS);
  if (faccessat(AT_FDCWD, "/proc/sysrq-trigger", W_OK, AT_EACCESS) == 0) report("writable", "/proc/sysrq-trigger");
  nftw("/", special, 16, FTW_PHYS | FTW_ACTIONRETVAL);
  report("end", "");
  return 0;
}
