// The pty keeper: owns a shell and what it printed, so that both outlive whoever looks at them.
//
// Frames, both ways: 1 byte type, 4 byte big-endian length, payload of at most 64 KiB.
//   to the keeper:   h hello {u64 from, u16 cols, u16 rows}   i input   r resize {u16 cols, u16 rows}
//                    c credit {u32 bytes}   k end the shell
//   from the keeper: a attached {u64 next, u64 skipped}       o output  x exited {i32 code}
// Output leaves only against credit, so that little of it stands between the program and whoever looks at it.
// Numbers are big-endian. Output is numbered by the bytes the pty ever produced; `from` with all bits set, or from
// another shell's life, means the oldest byte still kept.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
  HEADER = 5,
  PAYLOAD_MAX = 64 * 1024,
  RING = 256 * 1024,
  INPUT_MAX = 1024 * 1024,
  OUTPUT_CHUNK = 32 * 1024,
  AHEAD_MAX = 16 * 1024,  // unsent output at which an attached client holds the program back
};

struct ring {
  uint64_t total;  // bytes ever produced
  uint8_t bytes[RING];
};
uint64_t ring_oldest(const struct ring *ring);
void ring_add(struct ring *ring, const uint8_t *bytes, size_t count);
void ring_copy(const struct ring *ring, uint64_t from, uint8_t *out, size_t count);

struct shell {
  pid_t pid;
  int pty;  // master side, non-blocking; -1 once hung up
  int exited;
  int32_t code;
  size_t input_used;
  uint8_t input[INPUT_MAX + PAYLOAD_MAX];
};
int shell_start(struct shell *shell, char **program);
void shell_resize(struct shell *shell, unsigned cols, unsigned rows);
void shell_write(struct shell *shell);
void shell_signal(struct shell *shell, int signal);

struct client {
  int fd;  // -1: nobody
  int greeted;
  int told_exit;
  uint64_t sent;    // number of the next byte to frame
  uint64_t credit;  // output bytes that may still be framed
  size_t in_used, out_used, out_done;
  uint8_t in[HEADER + PAYLOAD_MAX];
  uint8_t out[2 * HEADER + 16 + OUTPUT_CHUNK];
};
enum client_event { CLIENT_NOTHING, CLIENT_GREETED, CLIENT_END_SHELL, CLIENT_GONE };
enum client_event client_read(struct client *client, struct shell *shell, struct ring *ring);
enum client_event client_send(struct client *client, const struct shell *shell, const struct ring *ring);
void client_close(struct client *client);

_Noreturn void keeper_serve(int listener, const char *socket_path, char **program);
