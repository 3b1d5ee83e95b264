/*
 * Makes a disk fail on demand: loaded before libc, it reads the file FAULT_CONTROL at each call that writes. A line of it is
 *   write SUFFIX ERRNO    write to a file whose path ends so
 *   sync SUFFIX ERRNO     fsync or fdatasync of such a file
 *   room FOLDER BYTES     no file in the folder grows once all of them together have that many bytes
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int ends_with(const char *text, const char *end)
{
  size_t length = strlen(text), part = strlen(end);
  return length >= part && strcmp(text + length - part, end) == 0;
}

static long used_bytes(const char *folder)
{
  long used = 0;
  struct stat status;
  struct dirent *entry;
  DIR *entries = opendir(folder);
  if (entries == NULL) return 0;
  while ((entry = readdir(entries)) != NULL) {
    if (fstatat(dirfd(entries), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode)) used += status.st_size;
  }
  closedir(entries);
  return used;
}

/* `end` is where the file would end after the call. */
static int fault(const char *call, int file, off_t end)
{
  char link[64], path[PATH_MAX] = "", verb[16], name[PATH_MAX];
  long value;
  int found = 0;
  struct stat status;
  const char *control = getenv("FAULT_CONTROL");
  FILE *rules = control == NULL ? NULL : fopen(control, "r");
  if (rules == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  if (readlink(link, path, sizeof path - 1) < 0) path[0] = 0;
  while (found == 0 && fscanf(rules, "%15s %4095s %ld", verb, name, &value) == 3) {
    if (strcmp(verb, call) == 0 && ends_with(path, name)) found = (int)value;
    if (strcmp(verb, "room") == 0 && strcmp(call, "write") == 0 && strncmp(path, name, strlen(name)) == 0 &&
        fstat(file, &status) == 0 && end > status.st_size && used_bytes(name) - status.st_size + end > value)
      found = ENOSPC;
  }
  fclose(rules);
  return found;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(call, file, end)                  \
  do {                                         \
    int number = fault(call, file, end);       \
    if (number != 0) { errno = number; return -1; } \
  } while (0)

static off_t end_of(int file, size_t count)
{
  struct stat status;
  off_t here = lseek(file, 0, SEEK_CUR);
  if (here < 0 || fstat(file, &status) != 0) return 0;
  return (here > status.st_size ? here : status.st_size) + (off_t)count;
}

ssize_t write(int file, const void *bytes, size_t count)
{
  FAIL("write", file, end_of(file, count));
  return REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset)
{
  FAIL("write", file, offset + (off_t)count);
  return REAL(pwrite)(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset)
{
  FAIL("write", file, offset + (off_t)count);
  return REAL(pwrite64)(file, bytes, count, offset);
}

int fsync(int file)
{
  FAIL("sync", file, 0);
  return REAL(fsync)(file);
}

int fdatasync(int file)
{
  FAIL("sync", file, 0);
  return REAL(fdatasync)(file);
}
