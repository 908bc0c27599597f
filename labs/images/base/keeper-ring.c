#include <string.h>
#include "keeper.h"

uint64_t ring_oldest(const struct ring *ring) { return ring->total > RING ? ring->total - RING : 0; }

void ring_add(struct ring *ring, const uint8_t *bytes, size_t count) {
  size_t at = ring->total % RING, first = count < RING - at ? count : RING - at;
  memcpy(ring->bytes + at, bytes, first);
  memcpy(ring->bytes, bytes + first, count - first);
  ring->total += count;
}

void ring_copy(const struct ring *ring, uint64_t from, uint8_t *out, size_t count) {
  size_t at = from % RING, first = count < RING - at ? count : RING - at;
  memcpy(out, ring->bytes + at, first);
  memcpy(out + first, ring->bytes, count - first);
}
