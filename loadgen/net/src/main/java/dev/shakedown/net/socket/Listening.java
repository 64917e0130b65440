package dev.shakedown.net.socket;

/** Explains why nothing can listen at an address of this machine. */
public final class Listening {
    private Listening() {}

    /** Returns why nothing can listen at an address, as a clause; the same for every transport. */
    public static String reason(Throwable error) {
        return switch (Errno.of(error).orElse(null)) {
            case EADDRINUSE -> "something listens there already";
            case EADDRNOTAVAIL -> "it is not an address of this machine";
            case EACCES, EPERM -> "this user is not permitted to (most systems keep ports below 1024 for root)";
            case ENFILE, EMFILE -> "there are too many open files (see 'ulimit -n')";
            case null, default -> "the operating system refuses it";
        };
    }
}
