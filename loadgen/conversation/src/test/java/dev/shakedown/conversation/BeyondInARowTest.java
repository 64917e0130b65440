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

/** How states beyond the handshake are entered, and what becomes of several things in a row or at once. */
class BeyondInARowTest {
    private static ScriptedWaitPolicy forProof() {
        return new ScriptedWaitPolicy(new AwaitingProof(Tickets.UNWANTED));
    }

    private static ScriptedWaitPolicy forAnswer() {
        return new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED)).askingAtOnce();
    }

    private static ScriptedWaitPolicy forAnswerAndTickets() {
        return new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.WANTED)).askingAtOnce();
    }

    private static ScriptedWaitPolicy forTickets() {
        return new ScriptedWaitPolicy(new AwaitingTickets(Tickets.WANTED));
    }

    // How they are entered

    @Test
    void whereThereIsNothingToStayForItIsCompleteAtOnce() {
        var scene = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(WaitPolicy.FOR_NOTHING).askingAtOnce())
                .done();
        assertEquals("completed", scene.outcome());
        assertEquals(List.of(), scene.asked);
        assertEquals(List.of("completed AwaitingTickets[tickets=UNWANTED]"), scene.stay.told);
        assertEquals(List.of("ClientHello", "Finished"), scene.server.heard());
    }

    @Test
    void thePumpIsToldWhatIsStayedFor() {
        var waits = new ScriptedPump(Handshake.FULL, forProof()).done();
        assertEquals(List.of("stay AwaitingProof[tickets=UNWANTED]"), waits.asked);
        assertEquals(List.of("ClientHello", "Finished"), waits.server.heard());
        var asks = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        assertEquals(List.of("stay AwaitingAnswer[tickets=UNWANTED]", "no delay"), asks.asked);
        assertEquals(List.of("ClientHello", "Finished", "data"), asks.server.heard());
        assertEquals(Request.SENT, asks.conversation.notes().request());
    }

    @Test
    void itGoesBeyondOnceItsFinishedHasLeft() {
        var scene = new ScriptedPump(Handshake.FULL, forAnswer()).begun();
        scene.takesAll = false;
        scene.server.answer();
        scene.assertStands(new State.Handshaking());
        assertEquals(List.of("ClientHello"), scene.server.heard());
        scene.nowNanos += 7;
        scene.takeWaiting();
        scene.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertEquals(scene.nowNanos, scene.conversation.notes().at(Mark.FINISHED));
        assertEquals(List.of("ClientHello", "Finished", "data"), scene.server.heard());
    }

    @ParameterizedTest
    @CsvSource({"END, 'failed at post_finished, received connection_closed'",
        "RESET, 'failed at post_finished, received connection_reset'",
        "CLOSE_NOTIFY, 'failed at post_finished, received alert close_notify'",
        "ALERT, 'failed at post_finished, received alert certificate_required'",
        "DATA, Handshaking[]", "KEY_UPDATE, Handshaking[]", "OVERDUE, Handshaking[]", "GATHERED, Handshaking[]",
        "DEADLINE, timed out at post_finished", "CANCEL, cancelled"})
    void beforeItsFinishedHasLeftNothingIsMet(BeyondTest.Event event, String outcome) {
        var scene = new ScriptedPump(Handshake.FULL, forTickets()).begun();
        scene.takesAll = false;
        scene.server.answer();
        event.act(scene);
        assertEquals(outcome, scene.outcome());
        assertEquals(List.of("ClientHello"), scene.server.heard());
        assertEquals(List.of(), scene.asked);
    }

    // Requests and answers

    /** A server that has not seen the client's Finished may speak already (RFC 8446, 4.6.1 and appendix E.5). */
    @Test
    void whatCameBeforeTheRequestIsNoAnswer() {
        var scene = new ScriptedPump(Handshake.FULL, forAnswer()).begun();
        scene.server.answerAtOnce(scene.server::data);
        scene.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertFalse(scene.conversation.notes().reached(Mark.FIRST_BYTE));
        scene.nowNanos += 9;
        scene.server.data();
        assertEquals("completed", scene.outcome());
        assertEquals(scene.nowNanos, scene.conversation.notes().at(Mark.FIRST_BYTE));
    }

    @Test
    void whatCameBeforeTheRequestProvesNothing() {
        var scene = new ScriptedPump(Handshake.FULL, forProof().askingAtOnce()).begun();
        scene.server.answerAtOnce(scene.server::data);
        scene.assertStands(new AwaitingProof(Tickets.UNWANTED));
        scene.server.data();
        assertEquals("completed", scene.outcome());
        assertTrue(scene.conversation.notes().isAnswered());
    }

    @Test
    void whoIsAskedWhenOverdueHasTimeAnew() {
        var scene = new ScriptedPump(Handshake.FULL, forProof().askingWhenOverdue()).done();
        scene.conversation.stayedOverdue();
        assertEquals(
                List.of("stay AwaitingProof[tickets=UNWANTED]", "no delay", "stay AwaitingProof[tickets=UNWANTED]"),
                scene.asked);
        assertEquals(List.of(), scene.stay.told);
        scene.conversation.stayedOverdue();
        scene.assertStands(new AwaitingProof(Tickets.SETTLED));
        scene.server.data();
        assertEquals("completed", scene.outcome());
        assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), scene.stay.told);
        assertEquals(List.of("ClientHello", "Finished", "data"), scene.server.heard());
    }

    @Test
    void aRequestThatCannotBeSentEndsIt() {
        var scene = new ScriptedPump(Handshake.FULL, forProof().askingWhenOverdue()).done();
        scene.broken = new SocketException("Connection reset");
        scene.conversation.stayedOverdue();
        assertEquals("failed at post_finished, received connection_reset", scene.outcome());
        assertEquals(List.of("stay AwaitingProof[tickets=UNWANTED]", "no delay"), scene.asked);
    }

    @Test
    void aRequestMayLeaveLaterThanItIsMade() {
        var scene = new ScriptedPump(Handshake.FULL, forProof().askingWhenOverdue()).done();
        var finishedNanos = scene.conversation.notes().at(Mark.FINISHED);
        scene.takesAll = false;
        scene.conversation.stayedOverdue();
        assertEquals(List.of("ClientHello", "Finished"), scene.server.heard());
        scene.nowNanos += 5;
        scene.takeWaiting();
        scene.assertStands(new AwaitingProof(Tickets.UNWANTED));
        assertEquals(List.of("ClientHello", "Finished", "data"), scene.server.heard());
        assertEquals(finishedNanos, scene.conversation.notes().at(Mark.FINISHED));
    }

    @Test
    void newKeysAreAnsweredWithTheNextRequest() {
        var scene = new ScriptedPump(Handshake.FULL, forProof().askingWhenOverdue()).done();
        scene.server.keyUpdate(true);
        assertEquals(List.of("ClientHello", "Finished"), scene.server.heard());
        scene.conversation.stayedOverdue();
        assertEquals(List.of("ClientHello", "Finished", "KeyUpdate", "data"), scene.server.heard());
        scene.server.keyUpdate(false);
        scene.server.data();
        assertEquals("completed", scene.outcome());
    }

    // Early data

    @Test
    void earlyDataThatIsTakenIsAnsweredWithoutARequest() {
        var scene = new ScriptedPump(Handshake.EARLY, new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED)))
                .begun();
        scene.server.answerAtOnce(scene.server::data);
        assertEquals("completed", scene.outcome());
        assertArrayEquals(Handshake.EARLY.earlyData(), scene.server.earlyData());
        assertEquals(List.of("ClientHello", "EndOfEarlyData", "Finished"), scene.server.heard());
        assertTrue(scene.conversation.notes().reached(Mark.FIRST_BYTE));
    }

    /** The answer to early data stays one where a request for tickets goes out as well, but proves nothing. */
    @Test
    void theAnswerToEarlyDataMayComeBeforeTheClientsFinished() {
        var answer = new ScriptedPump(Handshake.EARLY, forAnswerAndTickets()).begun();
        answer.server.answerAtOnce(answer.server::data);
        answer.assertStands(new AwaitingTickets(Tickets.WANTED));
        assertEquals(answer.nowNanos, answer.conversation.notes().at(Mark.FIRST_BYTE));
        var proof = new ScriptedPump(Handshake.EARLY, forProof().askingAtOnce()).begun();
        proof.server.answerAtOnce(proof.server::data);
        proof.assertStands(new AwaitingProof(Tickets.UNWANTED));
        proof.server.data();
        assertEquals("completed", proof.outcome());
    }

    @ParameterizedTest
    @EnumSource(names = {"EARLY_REJECTED", "EARLY_RETRIED"})
    void earlyDataThatIsNotTakenIsSentAgain(Handshake handshake) {
        var scene = new ScriptedPump(handshake, forAnswer()).done();
        scene.assertStands(new AwaitingAnswer(Tickets.UNWANTED));
        assertEquals(handshake == Handshake.EARLY_RETRIED
                ? List.of("ClientHello", "ClientHello", "Finished", "data")
                : List.of("ClientHello", "Finished", "data"), scene.server.heard());
        scene.server.data();
        assertEquals("completed", scene.outcome());
    }

    @ParameterizedTest
    @CsvSource({"EARLY, END", "EARLY_REJECTED, END", "EARLY_RETRIED, END", "EARLY, RESET", "EARLY_REJECTED, RESET",
        "EARLY_RETRIED, RESET"})
    void whatWasAskedEarlyMustBeAnsweredToo(Handshake handshake, BeyondTest.Event event) {
        var stay = new ScriptedWaitPolicy(new AwaitingAnswer(Tickets.UNWANTED));
        var scene = new ScriptedPump(handshake, handshake == Handshake.EARLY ? stay : stay.askingAtOnce()).done();
        event.act(scene);
        assertEquals("failed at post_finished, received connection_" + (event == BeyondTest.Event.END
                ? "closed"
                : "reset"), scene.outcome());
    }

    // Tickets

    @Test
    void ticketsThatComeTogetherAreGathered() {
        var scene = new ScriptedPump(Handshake.FULL, forTickets()).done();
        scene.server.atOnce(() -> {
            scene.server.ticket();
            scene.server.ticket();
        });
        assertEquals(List.of("stay AwaitingTickets[tickets=WANTED]", "keep session", "gather", "keep session"),
                scene.asked);
        scene.conversation.gathered();
        assertEquals("completed", scene.outcome());
        assertEquals(2, scene.conversation.notes().gained());
        assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), scene.stay.told);
    }

    @Test
    void asManyTicketsAsThereAreNeedNoWaiting() {
        var stay = forTickets();
        stay.enough = 2;
        var scene = new ScriptedPump(Handshake.RESUMED, stay).done();
        scene.server.ticket();
        scene.assertStands(new AwaitingTickets(Tickets.GATHERING));
        scene.server.ticket();
        assertEquals("completed", scene.outcome());
        assertEquals(List.of("completed AwaitingTickets[tickets=GATHERING]"), stay.told);
    }

    /** Both waits are for the same tickets: whoever learns from their end learns once. */
    @Test
    void twoWaitsInVainAreToldOnce() {
        for (var gatheredFirst : List.of(true, false)) {
            var scene = new ScriptedPump(Handshake.FULL, forAnswerAndTickets()).done();
            scene.server.ticket();
            if (gatheredFirst) {
                scene.conversation.gathered();
                scene.conversation.stayedOverdue();
            } else {
                scene.conversation.stayedOverdue();
                scene.conversation.gathered();
            }
            scene.assertStands(new AwaitingAnswer(Tickets.SETTLED));
            scene.server.data();
            assertEquals("completed", scene.outcome());
            assertEquals(List.of("settled", "completed AwaitingTickets[tickets=SETTLED]"), scene.stay.told);
        }
    }

    @Test
    void aTicketThatComesTooLateProvesWhatItProves() {
        var scene = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(new AwaitingProof(Tickets.WANTED))).done();
        scene.conversation.stayedOverdue();
        scene.server.ticket();
        assertEquals("completed", scene.outcome());
        assertEquals(List.of("stay AwaitingProof[tickets=WANTED]", "keep session"), scene.asked);
    }

    // Several things at once

    @Test
    void anAnswerCountsThatTheServersEndComesWith() {
        var scene = new ScriptedPump(Handshake.FULL, forAnswerAndTickets()).done();
        scene.server.atOnce(() -> {
            scene.server.data();
            scene.server.closeNotify();
        });
        scene.conversation.ended();
        assertEquals("completed", scene.outcome());
    }

    @Test
    void nothingCountsBehindCloseNotify() {
        var scene = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        scene.server.atOnce(() -> {
            scene.server.closeNotify();
            scene.server.data();
        });
        assertEquals("failed at post_finished, received alert close_notify", scene.outcome());
    }

    @Test
    void anAlertCountsThatComesWithAProof() {
        var scene = new ScriptedPump(Handshake.FULL, forProof()).done();
        scene.server.atOnce(() -> {
            scene.server.ticket();
            scene.server.fatal(AlertDescription.INTERNAL_ERROR);
        });
        assertEquals("failed at post_finished, received alert internal_error", scene.outcome());
    }

    // The end

    @Test
    void itClosesInGoodOrder() {
        var scene = new ScriptedPump(Handshake.FULL, forAnswer()).done();
        scene.server.data();
        scene.conversation.closeNotify();
        assertEquals(List.of("ClientHello", "Finished", "data", "close_notify"), scene.server.heard());
        scene.conversation.closed();
        assertEquals(new State.Over(), scene.conversation.state());
        scene.conversation.ended();
        scene.conversation.timedOut();
        assertEquals(new State.Over(), scene.conversation.state());
        assertEquals(List.of(Ending.COMPLETED), scene.endings);
    }

    @Test
    void whatComesBehindItsEndIsHeardAndNotJudged() {
        var scene = new ScriptedPump(Handshake.FULL, new ScriptedWaitPolicy(new Lingering())).done();
        scene.conversation.stayedOverdue();
        scene.conversation.closeNotify();
        scene.server.ticket();
        assertEquals(List.of("stay Lingering[]", "keep session"), scene.asked);
        scene.server.fatal(AlertDescription.INTERNAL_ERROR);
        assertEquals("completed", scene.outcome());
        assertEquals(List.of("settled", "completed Lingering[]"), scene.stay.told);
    }
}
