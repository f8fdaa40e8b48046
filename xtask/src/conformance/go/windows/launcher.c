/* Starts programs with an exact environment block and folder, one after another. Wine itself would put together an
   environment of its own.

   The one argument names a file of strings, each ended by NUL: program, command line, folder, files for stdout, stderr
   and the exit status, then the variables as NAME=value, ended by an empty string; then the next job. Strings are
   UTF-8. A program that is not started has the status -1. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static char *next;

static char *take(void) {
    char *text = next;
    next += strlen(text) + 1;
    return text;
}

static size_t widen(const char *text, wchar_t *out, size_t room) {
    return (size_t)MultiByteToWideChar(CP_UTF8, 0, text, -1, out, (int)room);
}

static wchar_t *wide(const char *text) {
    size_t room = strlen(text) + 1;
    wchar_t *out = calloc(room, sizeof *out);
    widen(text, out, room);
    return out;
}

static HANDLE sink(const char *path) {
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    return CreateFileW(wide(path), GENERIC_WRITE, FILE_SHARE_READ, &inherited, CREATE_ALWAYS, 0, NULL);
}

static void job(const char *end) {
    static wchar_t block[1 << 16];
    const char *program = take(), *line = take(), *folder = take();
    HANDLE out = sink(take()), err = sink(take());
    const char *status = take();
    size_t used = 0;
    while (next < end && *next) used += widen(take(), block + used, sizeof block / sizeof *block - used - 2);
    if (!used) block[used++] = 0;
    block[used] = 0;
    take();

    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = out, .hStdError = err};
    PROCESS_INFORMATION process;
    DWORD code = (DWORD)-1;
    if (CreateProcessW(wide(program), wide(line), NULL, NULL, TRUE, CREATE_UNICODE_ENVIRONMENT, block, wide(folder),
                       &start, &process)) {
        if (WaitForSingleObject(process.hProcess, 60000) == WAIT_TIMEOUT) TerminateProcess(process.hProcess, 124);
        WaitForSingleObject(process.hProcess, 5000);
        GetExitCodeProcess(process.hProcess, &code);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
    }
    CloseHandle(out);
    CloseHandle(err);
    FILE *file = fopen(status, "wb");
    if (file) fprintf(file, "%d", (int)code), fclose(file);
}

int main(int count, char **arguments) {
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *jobs = calloc((size_t)length + 2, 1);
    if (fread(jobs, 1, (size_t)length, file) != (size_t)length) return 2;
    fclose(file);
    for (next = jobs; next < jobs + length;) job(jobs + length);
    return 0;
}
