package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.ServerHello;
import java.util.function.UnaryOperator;

/** What a server does at each step: the honest thing, unless the script says otherwise. */
interface Script {
    Script HONEST = (step, server) -> server.honest(step);

    void at(Step step, ScriptedServer server);

    /** Something that a server does. */
    interface Act {
        void by(ScriptedServer server);
    }

    static Script instead(Step of, Act act) {
        return (step, server) -> {
            if (step == of) {
                act.by(server);
            } else {
                server.honest(step);
            }
        };
    }

    static Script without(Step skipped) {
        return instead(skipped, _ -> {});
    }

    static Script before(Step next, Act act) {
        return instead(next, server -> {
            act.by(server);
            server.honest(next);
        });
    }

    static Script after(Step last, Act act) {
        return instead(last, server -> {
            server.honest(last);
            act.by(server);
        });
    }

    /** An honest handshake but for its ServerHello. */
    static Script hello(UnaryOperator<ServerHello> change) {
        return instead(Step.SERVER_HELLO, server -> server.hello(change.apply(server.hello())));
    }
}
