package dev.shakedown.tls.client;

/**
 * What a server does at each step: the honest thing, unless the script says otherwise.
 *
 * @param <P> the server's steps
 * @param <S> the server
 */
interface Script<P, S extends ScriptedPeer<P>> {
    void at(P step, S server);

    /** Something that a server does. */
    interface Act<S> {
        void by(S server);
    }

    static <P, S extends ScriptedPeer<P>> Script<P, S> honest() {
        return (step, server) -> server.honest(step);
    }

    static <P, S extends ScriptedPeer<P>> Script<P, S> instead(P of, Act<S> act) {
        return (step, server) -> {
            if (step == of) {
                act.by(server);
            } else {
                server.honest(step);
            }
        };
    }

    static <P, S extends ScriptedPeer<P>> Script<P, S> without(P skipped) {
        return instead(skipped, _ -> {});
    }

    static <P, S extends ScriptedPeer<P>> Script<P, S> before(P next, Act<S> act) {
        return instead(next, server -> {
            act.by(server);
            server.honest(next);
        });
    }

    static <P, S extends ScriptedPeer<P>> Script<P, S> after(P last, Act<S> act) {
        return instead(last, server -> {
            server.honest(last);
            act.by(server);
        });
    }
}
