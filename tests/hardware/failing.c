/* Debian's virtual reader, with a fault: while the file that FAILING names is there, its driver answers with an error.
 * All else that pcscd looks for here it finds in the driver behind. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include <ifdhandler.h>

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
    RESPONSECODE (*presence)(DWORD) = (RESPONSECODE(*)(DWORD))dlsym(RTLD_NEXT, "IFDHICCPresence");

    return access(getenv("FAILING"), F_OK) == 0 ? IFD_COMMUNICATION_ERROR : presence(Lun);
}
