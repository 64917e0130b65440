package dev.shakedown.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.conversation.State.AwaitingAnswer;
import dev.shakedown.conversation.State.AwaitingProof;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.Lingering;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.tls.client.MemoryServer.Handshake;
import dev.shakedown.tls.wire.AlertDescription;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every post-handshake state, left by every event. */
class PostHandshakeTest {
    /** The state in which an event occurs. */
    enum Standing {
        /** Awaits a ticket or an answer, and sends a request only when the wait expires. */
        PROOF(() -> new ScriptedWaitPolicy(new AwaitingProof(Tickets.UNWANTED)).requestingOnExpiry()),
        PROOF_ASKED(() -> new ScriptedWaitPolicy(new AwaitingProof(Tickets.UNWANTED)).requestingAtOnce()),
        PROOF_IF_ANY(() -> new ScriptedWaitPolicy(new AwaitingProof(Tickets.UNWANTED)).withOptionalProof()),
        /** Awaits a proof, and then as many tickets as there may be. */
        PROOF_SUPPLY(() -> new ScriptedWaitPolicy(new AwaitingProof(Tickets.WANTED))),
        ANSWER(() -> new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED)).requestingAtOnce()),
        ANSWER_SUPPLY(() -> new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.WANTED)).requestingAtOnce()),
        SUPPLY(() -> new ScriptedWaitPolicy(new AwaitingTickets(Tickets.WANTED))),
        SUPPLY_ASKED(() -> new ScriptedWaitPolicy(new AwaitingTickets(Tickets.WANTED)).requestingOnExpiry()),
        /** As before, after the first ticket has arrived. */
        GATHERING(() -> new ScriptedWaitPolicy(new AwaitingTickets(Tickets.WANTED))),
        ALL(() -> new ScriptedWaitPolicy(new Lingering()).requestingAtOnce());

        private final Supplier<ScriptedWaitPolicy> waitPolicy;

        Standing(Supplier<ScriptedWaitPolicy> waitPolicy) {
            this.waitPolicy = waitPolicy;
        }

        ScriptedPump pump() {
            var pump = new ScriptedPump(Handshake.FULL, waitPolicy.get()).done();
            if (this == GATHERING) {
                pump.server.ticket();
            }
            return pump;
        }
    }

    /** An event. */
    enum Event {
        DATA(pump -> pump.server.data()),
        TICKET(pump -> pump.server.ticket()),
        KEY_UPDATE(pump -> pump.server.keyUpdate(true)),
        ALERT(pump -> pump.server.fatal(AlertDescription.CERTIFICATE_REQUIRED)),
        GARBAGE(pump -> pump.server.garbage()),
        CLOSE_NOTIFY(pump -> pump.server.closeNotify()),
        END(pump -> pump.conversation.ended()),
        END_SHOWN_BY_WRITING(pump -> pump.conversation.failed(new ClosedChannelException())),
        RESET(pump -> pump.conversation.failed(new SocketException("Connection reset"))),
        NO_MEMORY(pump -> pump.conversation.failed(new OutOfMemoryError())),
        DEADLINE(pump -> pump.conversation.timedOut()),
        CANCEL(pump -> pump.conversation.cancel()),
        OVERDUE(pump -> pump.conversation.waitExpired()),
        GATHERED(pump -> pump.conversation.gathered()),
        SENT(pump -> pump.conversation.sent());

        private final Consumer<ScriptedPump> act;

        Event(Consumer<ScriptedPump> act) {
            this.act = act;
        }

        void act(ScriptedPump pump) {
            act.accept(pump);
        }
    }

    /** Events without an expected request send none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            standing     | event                | comes to                                       | written
            PROOF        | DATA                 | AwaitingProof[tickets=UNWANTED]                |
            PROOF        | TICKET               | completed                                      |
            PROOF        | KEY_UPDATE           | AwaitingProof[tickets=UNWANTED]                |
            PROOF        | ALERT                | failed at post_finished, received alert certificate_required |
            PROOF        | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            PROOF        | CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            PROOF        | END                  | failed at post_finished, received connection_closed |
            PROOF        | END_SHOWN_BY_WRITING | failed at post_finished, received connection_closed |
            PROOF        | RESET                | failed at post_finished, received connection_reset |
            PROOF        | NO_MEMORY            | unsent memory                                  |
            PROOF        | DEADLINE             | timed out at post_finished                     |
            PROOF        | CANCEL               | cancelled                                      |
            PROOF        | OVERDUE              | AwaitingProof[tickets=UNWANTED]                | data
            PROOF        | SENT                 | AwaitingProof[tickets=UNWANTED]                |
            PROOF_ASKED  | DATA                 | completed                                      |
            PROOF_ASKED  | TICKET               | completed                                      |
            PROOF_ASKED  | KEY_UPDATE           | AwaitingProof[tickets=UNWANTED]                |
            PROOF_ASKED  | ALERT                | failed at post_finished, received alert certificate_required |
            PROOF_ASKED  | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            PROOF_ASKED  | CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            PROOF_ASKED  | END                  | failed at post_finished, received connection_closed |
            PROOF_ASKED  | RESET                | failed at post_finished, received connection_reset |
            PROOF_ASKED  | NO_MEMORY            | unsent memory                                  |
            PROOF_ASKED  | DEADLINE             | timed out at post_finished                     |
            PROOF_ASKED  | CANCEL               | cancelled                                      |
            PROOF_ASKED  | OVERDUE              | AwaitingProof[tickets=SETTLED]                 |
            PROOF_IF_ANY | DATA                 | AwaitingProof[tickets=UNWANTED]                |
            PROOF_IF_ANY | TICKET               | completed                                      |
            PROOF_IF_ANY | ALERT                | failed at post_finished, received alert certificate_required |
            PROOF_IF_ANY | CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            PROOF_IF_ANY | END                  | failed at post_finished, received connection_closed |
            PROOF_IF_ANY | OVERDUE              | completed                                      |
            PROOF_SUPPLY | DATA                 | AwaitingProof[tickets=WANTED]                  |
            PROOF_SUPPLY | TICKET               | AwaitingTickets[tickets=GATHERING]             |
            PROOF_SUPPLY | ALERT                | failed at post_finished, received alert certificate_required |
            PROOF_SUPPLY | CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            PROOF_SUPPLY | END                  | failed at post_finished, received connection_closed |
            PROOF_SUPPLY | DEADLINE             | timed out at post_finished                     |
            PROOF_SUPPLY | OVERDUE              | AwaitingProof[tickets=SETTLED]                 |
            ANSWER       | DATA                 | completed                                      |
            ANSWER       | TICKET               | AwaitingAnswer[tickets=UNWANTED]               |
            ANSWER       | KEY_UPDATE           | AwaitingAnswer[tickets=UNWANTED]               |
            ANSWER       | ALERT                | failed at post_finished, received alert certificate_required |
            ANSWER       | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            ANSWER       | CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            ANSWER       | END                  | failed at post_finished, received connection_closed |
            ANSWER       | END_SHOWN_BY_WRITING | failed at post_finished, received connection_closed |
            ANSWER       | RESET                | failed at post_finished, received connection_reset |
            ANSWER       | NO_MEMORY            | unsent memory                                  |
            ANSWER       | DEADLINE             | timed out at post_finished                     |
            ANSWER       | CANCEL               | cancelled                                      |
            ANSWER       | OVERDUE              | AwaitingAnswer[tickets=SETTLED]                |
            ANSWER       | SENT                 | AwaitingAnswer[tickets=UNWANTED]               |
            ANSWER_SUPPLY| DATA                 | AwaitingTickets[tickets=WANTED]                |
            ANSWER_SUPPLY| TICKET               | AwaitingAnswer[tickets=GATHERING]              |
            ANSWER_SUPPLY| KEY_UPDATE           | AwaitingAnswer[tickets=WANTED]                 |
            ANSWER_SUPPLY| ALERT                | failed at post_finished, received alert certificate_required |
            ANSWER_SUPPLY| CLOSE_NOTIFY         | failed at post_finished, received alert close_notify |
            ANSWER_SUPPLY| END                  | failed at post_finished, received connection_closed |
            ANSWER_SUPPLY| DEADLINE             | timed out at post_finished                     |
            ANSWER_SUPPLY| OVERDUE              | AwaitingAnswer[tickets=SETTLED]                |
            SUPPLY       | DATA                 | AwaitingTickets[tickets=WANTED]                |
            SUPPLY       | TICKET               | AwaitingTickets[tickets=GATHERING]             |
            SUPPLY       | KEY_UPDATE           | AwaitingTickets[tickets=WANTED]                |
            SUPPLY       | ALERT                | failed at post_finished, received alert certificate_required |
            SUPPLY       | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            SUPPLY       | CLOSE_NOTIFY         | completed                                      |
            SUPPLY       | END                  | completed                                      |
            SUPPLY       | END_SHOWN_BY_WRITING | completed                                      |
            SUPPLY       | RESET                | failed at post_finished, received connection_reset |
            SUPPLY       | NO_MEMORY            | completed                                      |
            SUPPLY       | DEADLINE             | completed                                      |
            SUPPLY       | CANCEL               | completed                                      |
            SUPPLY       | OVERDUE              | completed                                      |
            SUPPLY       | SENT                 | AwaitingTickets[tickets=WANTED]                |
            SUPPLY_ASKED | OVERDUE              | AwaitingTickets[tickets=WANTED]                | data
            GATHERING    | DATA                 | AwaitingTickets[tickets=GATHERING]             |
            GATHERING    | TICKET               | AwaitingTickets[tickets=GATHERING]             |
            GATHERING    | KEY_UPDATE           | AwaitingTickets[tickets=GATHERING]             |
            GATHERING    | ALERT                | failed at post_finished, received alert certificate_required |
            GATHERING    | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            GATHERING    | CLOSE_NOTIFY         | completed                                      |
            GATHERING    | END                  | completed                                      |
            GATHERING    | END_SHOWN_BY_WRITING | completed                                      |
            GATHERING    | RESET                | failed at post_finished, received connection_reset |
            GATHERING    | NO_MEMORY            | completed                                      |
            GATHERING    | DEADLINE             | completed                                      |
            GATHERING    | CANCEL               | completed                                      |
            GATHERING    | OVERDUE              | completed                                      |
            GATHERING    | GATHERED             | completed                                      |
            ALL          | DATA                 | Lingering[]                                    |
            ALL          | TICKET               | Lingering[]                                    |
            ALL          | KEY_UPDATE           | Lingering[]                                    |
            ALL          | ALERT                | failed at post_finished, received alert certificate_required |
            ALL          | GARBAGE              | failed at post_finished, sent alert bad_record_mac | bad_record_mac
            ALL          | CLOSE_NOTIFY         | completed                                      |
            ALL          | END                  | completed                                      |
            ALL          | END_SHOWN_BY_WRITING | completed                                      |
            ALL          | RESET                | failed at post_finished, received connection_reset |
            ALL          | NO_MEMORY            | completed                                      |
            ALL          | DEADLINE             | completed                                      |
            ALL          | CANCEL               | completed                                      |
            ALL          | OVERDUE              | completed                                      |
            ALL          | SENT                 | Lingering[]                                    |
            """)
    void leaves(Standing standing, Event event, String outcome, String written) {
        var pump = standing.pump();
        var before = pump.server.heard().size();
        event.act(pump);
        assertEquals(outcome, pump.outcome());
        var heard = pump.server.heard();
        assertEquals(written == null ? List.of() : List.of(written), heard.subList(before, heard.size()));
        // Whatever arrives now, the conversation has ended.
        if (!pump.endings.isEmpty()) {
            for (var later : Event.values()) {
                if (later.ordinal() >= Event.END.ordinal()) {
                    later.act(pump);
                }
            }
            assertEquals(outcome, pump.outcome());
            assertEquals(heard, pump.server.heard());
        }
    }
}
