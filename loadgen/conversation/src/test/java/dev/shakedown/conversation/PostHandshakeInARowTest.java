package dev.shakedown.conversation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.conversation.Notes.Request;
import dev.shakedown.conversation.State.AwaitingAnswer;
import dev.shakedown.conversation.State.AwaitingProof;
import dev.shakedown.conversation.State.AwaitingTickets;
import dev.shakedown.conversation.State.Lingering;
import dev.shakedown.conversation.State.Tickets;
import dev.shakedown.results.Mark;
import dev.shakedown.tls.client.MemoryServer.Handshake;
import dev.shakedown.tls.wire.AlertDescription;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How post-handshake states are entered, and what happens when several events come in a row or at once. */
class PostHandshakeInARowTest {
    private static ScriptedWaitPolicy forProof() {
        return new ScriptedWaitPolicy(new AwaitingProof(Tickets.UNWANTED));
    }

    private static ScriptedWaitPolicy forAnswer() {
        return new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED)).requestingAtOnce();
    }

    private static ScriptedWaitPolicy forAnswerAndTickets() {
        return new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.WANTED)).requestingAtOnce();
    }

    private static ScriptedWaitPolicy forTickets() {
        return new ScriptedWaitPolicy(new AwaitingTickets(Tickets.WANTED));
    }

    // How they are entered

    @Test
    void withoutAnythingToWaitForItIsCompleteAtOnce() {
        var pump = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(WaitPolicy.NOTHING).requestingAtOnce())
                .done();
        assertEquals("completed", pump.outcome());
        assertEquals(List.of(), pump.asked);
        assertEquals(List.of("completed AwaitingTickets[tickets=UNWANTED]"), pump.waitPolicy.told);
        assertEquals(List.of("ClientHello", "Finished"), pump.server.heard());
    }

    @Test
    void thePumpIsToldWhatIsAwaited() {
        var waits = new ScriptedPump(Handshake.FULL, forProof()).done();
        assertEquals(List.of("stay AwaitingProof[tickets=UNWANTED]"), waits.asked);
        assertEquals(List.of("ClientHello", "Finished"), waits.server.heard());
        var asks = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        assertEquals(List.of("stay AwaitingAnswer[tickets=UNWANTED]", "no delay"), asks.asked);
        assertEquals(List.of("ClientHello", "Finished", "data"), asks.server.heard());
        assertEquals(Request.SENT, asks.conversation.notes().request());
    }

    @Test
    void itWaitsOnceItsFinishedHasBeenSent() {
        var pump = new ScriptedPump(Handshake.FULL, forAnswer()).begun();
        pump.takesAll = false;
        pump.server.answer();
        pump.assertStands(new State.Handshaking());
        assertEquals(List.of("ClientHello"), pump.server.heard());
        pump.nowNanos += 7;
        pump.takeWaiting();
        pump.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertEquals(pump.nowNanos, pump.conversation.notes().at(Mark.FINISHED));
        assertEquals(List.of("ClientHello", "Finished", "data"), pump.server.heard());
    }

    @ParameterizedTest
    @CsvSource({"END, 'failed at post_finished, received connection_closed'",
        "RESET, 'failed at post_finished, received connection_reset'",
        "CLOSE_NOTIFY, 'failed at post_finished, received alert close_notify'",
        "ALERT, 'failed at post_finished, received alert certificate_required'",
        "DATA, Handshaking[]", "KEY_UPDATE, Handshaking[]", "OVERDUE, Handshaking[]", "GATHERED, Handshaking[]",
        "DEADLINE, timed out at post_finished", "CANCEL, cancelled"})
    void beforeItsFinishedHasLeftNothingIsMet(PostHandshakeTest.Event event, String outcome) {
        var pump = new ScriptedPump(Handshake.FULL, forTickets()).begun();
        pump.takesAll = false;
        pump.server.answer();
        event.act(pump);
        assertEquals(outcome, pump.outcome());
        assertEquals(List.of("ClientHello"), pump.server.heard());
        assertEquals(List.of(), pump.asked);
    }

    // Requests and answers

    /** A server may send data before it has seen the client's Finished (RFC 8446, 4.6.1 and appendix E.5). */
    @Test
    void whatCameBeforeTheRequestIsNoAnswer() {
        var pump = new ScriptedPump(Handshake.FULL, forAnswer()).begun();
        pump.server.answerAtOnce(pump.server::data);
        pump.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertFalse(pump.conversation.notes().reached(Mark.FIRST_BYTE));
        pump.nowNanos += 9;
        pump.server.data();
        assertEquals("completed", pump.outcome());
        assertEquals(pump.nowNanos, pump.conversation.notes().at(Mark.FIRST_BYTE));
    }

    @Test
    void whatCameBeforeTheRequestProvesNothing() {
        var pump = new ScriptedPump(Handshake.FULL, forProof().requestingAtOnce()).begun();
        pump.server.answerAtOnce(pump.server::data);
        pump.assertStands(new AwaitingProof(Tickets.UNWANTED));
        pump.server.data();
        assertEquals("completed", pump.outcome());
        assertTrue(pump.conversation.notes().isAnswered());
    }

    @Test
    void aRequestOnExpiryBeginsAnotherWait() {
        var pump = new ScriptedPump(Handshake.FULL, forProof().requestingOnExpiry()).done();
        pump.conversation.waitExpired();
        assertEquals(
                List.of("stay AwaitingProof[tickets=UNWANTED]", "no delay", "stay AwaitingProof[tickets=UNWANTED]"),
                pump.asked);
        assertEquals(List.of(), pump.waitPolicy.told);
        pump.conversation.waitExpired();
        pump.assertStands(new AwaitingProof(Tickets.SETTLED));
        pump.server.data();
        assertEquals("completed", pump.outcome());
        assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), pump.waitPolicy.told);
        assertEquals(List.of("ClientHello", "Finished", "data"), pump.server.heard());
    }

    @Test
    void aRequestThatCannotBeSentEndsIt() {
        var pump = new ScriptedPump(Handshake.FULL, forProof().requestingOnExpiry()).done();
        pump.broken = new SocketException("Connection reset");
        pump.conversation.waitExpired();
        assertEquals("failed at post_finished, received connection_reset", pump.outcome());
        assertEquals(List.of("stay AwaitingProof[tickets=UNWANTED]", "no delay"), pump.asked);
    }

    @Test
    void aRequestMayLeaveLaterThanItIsMade() {
        var pump = new ScriptedPump(Handshake.FULL, forProof().requestingOnExpiry()).done();
        var finishedNanos = pump.conversation.notes().at(Mark.FINISHED);
        pump.takesAll = false;
        pump.conversation.waitExpired();
        assertEquals(List.of("ClientHello", "Finished"), pump.server.heard());
        pump.nowNanos += 5;
        pump.takeWaiting();
        pump.assertStands(new AwaitingProof(Tickets.UNWANTED));
        assertEquals(List.of("ClientHello", "Finished", "data"), pump.server.heard());
        assertEquals(finishedNanos, pump.conversation.notes().at(Mark.FINISHED));
    }

    @Test
    void newKeysAreAnsweredWithTheNextRequest() {
        var pump = new ScriptedPump(Handshake.FULL, forProof().requestingOnExpiry()).done();
        pump.server.keyUpdate(true);
        assertEquals(List.of("ClientHello", "Finished"), pump.server.heard());
        pump.conversation.waitExpired();
        assertEquals(List.of("ClientHello", "Finished", "KeyUpdate", "data"), pump.server.heard());
        pump.server.keyUpdate(false);
        pump.server.data();
        assertEquals("completed", pump.outcome());
    }

    // Early data

    @Test
    void earlyDataThatIsTakenIsAnsweredWithoutARequest() {
        var pump = new ScriptedPump(Handshake.EARLY, new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED)))
                .begun();
        pump.server.answerAtOnce(pump.server::data);
        assertEquals("completed", pump.outcome());
        assertArrayEquals(Handshake.EARLY.earlyData(), pump.server.earlyData());
        assertEquals(List.of("ClientHello", "EndOfEarlyData", "Finished"), pump.server.heard());
        assertTrue(pump.conversation.notes().reached(Mark.FIRST_BYTE));
    }

    /** The answer to early data still counts if a request for tickets is sent as well, but proves nothing. */
    @Test
    void theAnswerToEarlyDataMayComeBeforeTheClientsFinished() {
        var answer = new ScriptedPump(Handshake.EARLY, forAnswerAndTickets()).begun();
        answer.server.answerAtOnce(answer.server::data);
        answer.assertStands(new AwaitingTickets(Tickets.WANTED));
        assertEquals(answer.nowNanos, answer.conversation.notes().at(Mark.FIRST_BYTE));
        var proof = new ScriptedPump(Handshake.EARLY, forProof().requestingAtOnce()).begun();
        proof.server.answerAtOnce(proof.server::data);
        proof.assertStands(new AwaitingProof(Tickets.UNWANTED));
        proof.server.data();
        assertEquals("completed", proof.outcome());
    }

    @ParameterizedTest
    @EnumSource(names = {"EARLY_REJECTED", "EARLY_RETRIED"})
    void earlyDataThatIsNotTakenIsSentAgain(Handshake handshake) {
        var pump = new ScriptedPump(handshake, forAnswer()).done();
        pump.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertEquals(handshake == Handshake.EARLY_RETRIED
                ? List.of("ClientHello", "ClientHello", "Finished", "data")
                : List.of("ClientHello", "Finished", "data"), pump.server.heard());
        pump.server.data();
        assertEquals("completed", pump.outcome());
    }

    @ParameterizedTest
    @CsvSource({"EARLY, END", "EARLY_REJECTED, END", "EARLY_RETRIED, END", "EARLY, RESET", "EARLY_REJECTED, RESET",
        "EARLY_RETRIED, RESET"})
    void whatWasAskedEarlyMustBeAnsweredToo(Handshake handshake, PostHandshakeTest.Event event) {
        var waitPolicy = new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED));
        var pump = new ScriptedPump(handshake,
                handshake == Handshake.EARLY ? waitPolicy : waitPolicy.requestingAtOnce())
                .done();
        event.act(pump);
        assertEquals("failed at post_finished, received connection_" + (event == PostHandshakeTest.Event.END
                ? "closed"
                : "reset"), pump.outcome());
    }

    // Tickets

    @Test
    void ticketsThatComeTogetherAreGathered() {
        var pump = new ScriptedPump(Handshake.FULL, forTickets()).done();
        pump.server.atOnce(() -> {
            pump.server.ticket();
            pump.server.ticket();
        });
        assertEquals(List.of("stay AwaitingTickets[tickets=WANTED]", "keep session", "gather", "keep session"),
                pump.asked);
        pump.conversation.gathered();
        assertEquals("completed", pump.outcome());
        assertEquals(2, pump.conversation.notes().gained());
        assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), pump.waitPolicy.told);
    }

    @Test
    void nothingIsAwaitedOnceThereAreEnoughTickets() {
        var waitPolicy = forTickets();
        waitPolicy.enough = 2;
        var pump = new ScriptedPump(Handshake.RESUMED, waitPolicy).done();
        pump.server.ticket();
        pump.assertStands(new AwaitingTickets(Tickets.GATHERING));
        pump.server.ticket();
        assertEquals("completed", pump.outcome());
        assertEquals(List.of("completed AwaitingTickets[tickets=GATHERING]"), waitPolicy.told);
    }

    /** Both waits are for the same tickets, so the policy is told of their end once. */
    @Test
    void twoWaitsInVainAreToldOnce() {
        for (var gatheredFirst : List.of(true, false)) {
            var pump = new ScriptedPump(Handshake.FULL, forAnswerAndTickets()).done();
            pump.server.ticket();
            if (gatheredFirst) {
                pump.conversation.gathered();
                pump.conversation.waitExpired();
            } else {
                pump.conversation.waitExpired();
                pump.conversation.gathered();
            }
            pump.assertStands(new AwaitingAnswer(Tickets.SETTLED));
            pump.server.data();
            assertEquals("completed", pump.outcome());
            assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), pump.waitPolicy.told);
        }
    }

    @Test
    void aTicketThatComesTooLateProvesWhatItProves() {
        var pump = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(new AwaitingProof(Tickets.WANTED))).done();
        pump.conversation.waitExpired();
        pump.server.ticket();
        assertEquals("completed", pump.outcome());
        assertEquals(List.of("stay AwaitingProof[tickets=WANTED]", "keep session"), pump.asked);
    }

    // Several things at once

    @Test
    void anAnswerCountsThatTheServersEndComesWith() {
        var pump = new ScriptedPump(Handshake.FULL, forAnswerAndTickets()).done();
        pump.server.atOnce(() -> {
            pump.server.data();
            pump.server.closeNotify();
        });
        pump.conversation.ended();
        assertEquals("completed", pump.outcome());
    }

    @Test
    void nothingCountsAfterCloseNotify() {
        var pump = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        pump.server.atOnce(() -> {
            pump.server.closeNotify();
            pump.server.data();
        });
        assertEquals("failed at post_finished, received alert close_notify", pump.outcome());
    }

    @Test
    void anAlertCountsThatComesWithAProof() {
        var pump = new ScriptedPump(Handshake.FULL, forProof()).done();
        pump.server.atOnce(() -> {
            pump.server.ticket();
            pump.server.fatal(AlertDescription.INTERNAL_ERROR);
        });
        assertEquals("failed at post_finished, received alert internal_error", pump.outcome());
    }

    // The end

    @Test
    void itClosesInGoodOrder() {
        var pump = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        pump.server.data();
        pump.conversation.closeNotify();
        assertEquals(List.of("ClientHello", "Finished", "data", "close_notify"), pump.server.heard());
        pump.conversation.closed();
        assertEquals(new State.Over(), pump.conversation.state());
        pump.conversation.ended();
        pump.conversation.timedOut();
        assertEquals(new State.Over(), pump.conversation.state());
        assertEquals(List.of(Ending.COMPLETED), pump.endings);
    }

    @Test
    void whatArrivesAfterItsEndChangesNothing() {
        var pump = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(new Lingering())).done();
        pump.conversation.waitExpired();
        pump.conversation.closeNotify();
        pump.server.ticket();
        assertEquals(List.of("stay Lingering[]", "keep session"), pump.asked);
        pump.server.fatal(AlertDescription.INTERNAL_ERROR);
        assertEquals("completed", pump.outcome());
        assertEquals(List.of("settled", "completed Lingering[]"), pump.waitPolicy.told);
    }
}
