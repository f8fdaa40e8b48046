/* bcryptprimitives.dll for a Wine that has none: go takes its random bytes from ProcessPrng there and nowhere else
   (go: src/runtime/os_windows.go loadOptionalSyscalls). A test aid, no part of the product. */

#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    return SystemFunction036(buffer, (ULONG)length);
}
