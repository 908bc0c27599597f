// One attached client: frames in, frames out.
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "keeper.h"

static uint64_t read_number(const uint8_t *bytes, size_t count) {
  uint64_t value = 0;
  for (size_t index = 0; index < count; index++) value = value << 8 | bytes[index];
  return value;
}

static void put_number(struct client *client, uint64_t value, int count) {
  while (count-- > 0) client->out[client->out_used++] = value >> (8 * count);
}

static void put_header(struct client *client, char type, uint32_t length) {
  client->out[client->out_used++] = type;
  put_number(client, length, 4);
}

static enum client_event greet(struct client *client, struct shell *shell, const struct ring *ring, const uint8_t *hello) {
  uint64_t from = read_number(hello, 8), oldest = ring_oldest(ring);
  int known = from <= ring->total;
  client->sent = known && from > oldest ? from : oldest;
  shell_resize(shell, read_number(hello + 8, 2), read_number(hello + 10, 2));
  put_header(client, 'a', 16);
  put_number(client, client->sent, 8);
  put_number(client, known ? client->sent - from : 0, 8);
  client->greeted = 1;
  return CLIENT_GREETED;
}

static enum client_event obey(struct client *client, struct shell *shell, struct ring *ring, size_t length) {
  const uint8_t *payload = client->in + HEADER;
  char type = client->in[0];
  if (!client->greeted) return type == 'h' && length == 12 ? greet(client, shell, ring, payload) : CLIENT_GONE;
  if (type == 'i' && shell->input_used + length <= sizeof shell->input) {
    memcpy(shell->input + shell->input_used, payload, length);
    shell->input_used += length;
    return CLIENT_NOTHING;
  }
  if (type == 'r' && length == 4) {
    shell_resize(shell, read_number(payload, 2), read_number(payload + 2, 2));
    return CLIENT_NOTHING;
  }
  if (type == 'c' && length == 4) {
    client->credit += read_number(payload, 4);
    return CLIENT_NOTHING;
  }
  // The end is told behind all output, so nothing of it may wait any longer.
  if (type == 'k') client->credit = UINT64_MAX / 2;
  return type == 'k' && length == 0 ? CLIENT_END_SHELL : CLIENT_GONE;
}

// Reads at most what is missing of one frame, so that a frame never waits behind another's backlog.
enum client_event client_read(struct client *client, struct shell *shell, struct ring *ring) {
  size_t wanted = HEADER;
  if (client->in_used >= HEADER) wanted += read_number(client->in + 1, 4);
  ssize_t got = read(client->fd, client->in + client->in_used, wanted - client->in_used);
  if (got == 0) return CLIENT_GONE;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? CLIENT_NOTHING : CLIENT_GONE;
  client->in_used += got;
  if (client->in_used < HEADER) return CLIENT_NOTHING;
  size_t length = read_number(client->in + 1, 4);
  if (length > PAYLOAD_MAX || !strchr("hirck", client->in[0]) || client->in[0] == 0) return CLIENT_GONE;
  if (client->in_used < HEADER + length) return CLIENT_NOTHING;
  client->in_used = 0;
  return obey(client, shell, ring, length);
}

static void fill(struct client *client, const struct shell *shell, const struct ring *ring) {
  uint64_t left = ring->total - client->sent, count = left < client->credit ? left : client->credit;
  if (count > OUTPUT_CHUNK) count = OUTPUT_CHUNK;
  if (count > 0) {
    put_header(client, 'o', count);
    ring_copy(ring, client->sent, client->out + client->out_used, count);
    client->out_used += count;
    client->sent += count;
    client->credit -= count;
  } else if (left == 0 && shell->exited && shell->pty < 0 && !client->told_exit) {
    put_header(client, 'x', 4);
    put_number(client, (uint32_t)shell->code, 4);
    client->told_exit = 1;
  }
}

// Sends until there is nothing left or the socket is full.
enum client_event client_send(struct client *client, const struct shell *shell, const struct ring *ring) {
  for (;;) {
    if (client->out_used == 0) fill(client, shell, ring);
    if (client->out_used == 0) return CLIENT_NOTHING;
    ssize_t put = write(client->fd, client->out + client->out_done, client->out_used - client->out_done);
    if (put < 0) return errno == EAGAIN || errno == EINTR ? CLIENT_NOTHING : CLIENT_GONE;
    client->out_done += put;
    if (client->out_done == client->out_used) client->out_used = client->out_done = 0;
  }
}

void client_close(struct client *client) {
  if (client->fd >= 0) close(client->fd);
  client->fd = -1;
  client->greeted = client->told_exit = 0;
  client->in_used = client->out_used = client->out_done = 0;
  client->credit = 0;
}
