package dev.shakedown.net.socket;

/** Places of this machine to listen at. */
public final class Listening {
    private Listening() {}

    /** Why nothing can listen at a place, in half a sentence; the same whatever transport found out. */
    public static String reason(Throwable error) {
        return switch (Errno.of(error).orElse(null)) {
            case EADDRINUSE -> "something listens there already";
            case EADDRNOTAVAIL -> "it is no address of this machine";
            case EACCES, EPERM -> "this user may not (most systems keep ports below 1024 for root)";
            case ENFILE, EMFILE -> "there are too many open files (see 'ulimit -n')";
            case null, default -> "the operating system refuses it";
        };
    }
}
