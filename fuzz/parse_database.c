// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: results databases, whole files; reading one never writes it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../results/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int touch(const struct store_entry *e, void *arg)
{
	size_t *n = arg;

	for (const char *p = e->f.title; *p; p++)
		++*n;
	return *n > 1 << 16;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store s;
	char path[64], key[STORE_KEY_SIZE];
	struct store_entry e;
	size_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/dev/shm/kicksim-parse-%d.db", getpid());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
	if (!store_open(&s, path, STORE_READ)) {
		store_check(&s);
		store_each(&s, NULL, touch, &n);
		if (!store_find(&s, "@last", key) && !store_load(&s, key, &e))
			store_entry_free(&e);
		store_close(&s);
	}
	unlink(path);
	return 0;
}
