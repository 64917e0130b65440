package dev.shakedown.cli;

import dev.shakedown.results.Setting;

/** The option for each setting. */
final class OptionNames {
    private OptionNames() {}

    /** Returns the option with its hyphens. */
    static String of(Setting setting) {
        return switch (setting) {
            case VERSIONS -> "--tls";
            case SUITES -> "--cipher";
            case GROUPS -> "--group";
            case SERVER_NAME -> "--sni";
            case ALPN -> "--alpn";
            case CLIENT_CERTIFICATE -> "--client-cert";
            case PSK_MODE -> "--psk-mode";
            case NO_TICKETS -> "--no-tickets";
            case EARLY_DATA -> "--early-data";
            case AUTHORITY -> "--ca";
            case VERIFY -> "--verify";
            case KEY_SHARE -> "--key-share";
            case STARTTLS -> "--starttls";
            case TIMEOUT -> "--timeout";
            case CONCURRENCY -> "--concurrency";
            case MIX -> "--mix";
            case RESUME_USES -> "--resume-uses";
            case WARMUP -> "--warmup";
            case CLOSE -> "--close";
            case THREADS -> "--threads";
            case MAX_LATE -> "--max-late";
            case MAX_IN_FLIGHT -> "--max-in-flight";
            case SOURCE_ADDRESS -> "--source-address";
            case CONNECTIONS_PER_SOURCE -> "--connections-per-source";
            case SERVER_PROCESS -> "--server-pid";
            case DESPITE -> "--despite";
            case UPDATE -> "--update";
        };
    }
}
