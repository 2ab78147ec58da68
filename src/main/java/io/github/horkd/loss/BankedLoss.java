package io.github.horkd.loss;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A loss with the bank it was handed. A class and not a record, so that the bank is not written. */
final class BankedLoss implements BatchLoss {

    @JsonProperty
    private final BankLoss loss;

    private final transient Bank bank;

    BankedLoss(BankLoss loss, Bank bank) {
        this.loss = loss;
        this.bank = bank;
    }

    /** As it comes back from JSON: without a bank. */
    @JsonCreator
    BankedLoss(@JsonProperty("loss") BankLoss loss) {
        this(loss, null);
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return loss.lossAndGradient(guide, learner, bank);
    }

    @Override
    public boolean needsEqualWidths() {
        return loss.needsEqualWidths();
    }

    @Override
    public int smallestBatch() {
        return bank == null ? loss.smallestBatch() : 1;
    }

    /** Of its own bank, or none yet. */
    @Override
    public boolean comparesWithClasses() {
        return bank == null && loss.comparesWithClasses();
    }

    /** Whoever handed one over meant that one. */
    @Override
    public boolean usesBank() {
        return bank == null;
    }

    @Override
    public BatchLoss withBank(Bank other) {
        return loss.withBank(other);
    }

    @Override
    public OptionalInt knownToBank(INDArray guide) {
        return bank == null ? OptionalInt.empty() : bank.known(guide);
    }

    @Override
    public void writeState(DataOutput out) throws IOException {
        loss.writeState(out);
        if (bank != null) {
            bank.writeState(out);
        }
    }

    @Override
    public void readState(DataInput in) throws IOException {
        loss.readState(in);
        if (bank != null) {
            bank.readState(in);
        }
    }

    @Override
    public void reset() {
        loss.reset();
        if (bank != null) {
            bank.reset();
        }
    }

    @Override
    public String name() {
        return loss.name();
    }

    /** Equal when the losses are; what they were handed does not count, as it is not written either. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BankedLoss banked && banked.loss.equals(loss);
    }

    @Override
    public int hashCode() {
        return loss.hashCode();
    }

    @Override
    public String toString() {
        return loss + (bank == null ? "" : " with a bank of " + bank.size() + " rows");
    }
}
