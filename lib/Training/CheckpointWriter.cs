using DeviceId.Data;
using DeviceId.Models;

namespace DeviceId.Training;

/// <summary>The checkpoint of one training: read at its start, written when it is due, deleted at its end.</summary>
internal sealed class CheckpointWriter
{
    private readonly Checkpoints _checkpoints;
    private readonly DeviceNetwork _network;
    private readonly Adam _optimiser;
    private readonly TrainingOptions _training;
    private readonly string _data;
    private (int Epochs, int Batches) _written;
    private long _writtenAt;
    private long _lastAsked;
    private TimeSpan _longest;

    /// <param name="checkpoints">Where and how often.</param>
    /// <param name="network">The network.</param>
    /// <param name="optimiser">Its optimiser.</param>
    /// <param name="training">The settings.</param>
    /// <param name="data">The training samples: their values are part of what a checkpoint belongs to.</param>
    /// <param name="cancellationToken">Asked for each sample.</param>
    public CheckpointWriter(
        Checkpoints checkpoints, DeviceNetwork network, Adam optimiser, TrainingOptions training, TrainDataset data,
        CancellationToken cancellationToken)
    {
        (_checkpoints, _network, _optimiser, _training) = (checkpoints, network, optimiser, training);
        _data = Checkpoint.Fingerprint(data, cancellationToken);
        _lastAsked = _writtenAt = checkpoints.Clock.GetTimestamp();
    }

    /// <summary>The state to go on from, weights and optimiser included; the beginning where there is no usable checkpoint.</summary>
    public TrainingState Restore()
    {
        _checkpoints.RemoveUnfinished();
        try
        {
            var state = Checkpoint.Read(_checkpoints.Path, _network, _optimiser, _training, _data) ?? new TrainingState();
            _written = state.Position;
            return state;
        }
        catch (CheckpointException error)
        {
            _checkpoints.Notice($"The checkpoint {error.Path} is discarded, because {error.Reason}; the training begins anew.");
            _checkpoints.Remove();
            return new TrainingState();
        }
    }

    /// <summary>Called after each batch; writes when the next call would be too late for <see cref="Checkpoints.Every"/>.</summary>
    /// <remarks>Expected after the longest time between two calls since the last checkpoint, whose writing is part of it.</remarks>
    public void WriteIfDue(TrainingState state)
    {
        var now = _checkpoints.Clock.GetTimestamp();
        var step = _checkpoints.Clock.GetElapsedTime(_lastAsked, now);
        _longest = step > _longest ? step : _longest;
        _lastAsked = now;
        if (_checkpoints.Clock.GetElapsedTime(_writtenAt, now) + _longest >= _checkpoints.Every)
            Write(state);
    }

    /// <summary>Writes, unless the file holds this state already.</summary>
    public void Write(TrainingState state)
    {
        if (state.Position == _written)
            return;
        var now = _checkpoints.Clock.GetTimestamp();
        if (_checkpoints.TryOrNotice("cannot be written", () => Checkpoint.Write(
                _checkpoints.Path, _network, _optimiser, _training, _data, state)))
            _written = state.Position;
        // Also after a failure: the next attempt, and the next notice, come an interval later.
        (_writtenAt, _longest) = (now, TimeSpan.Zero);
    }

    /// <summary>The training has ended.</summary>
    public void End(TrainingState state)
    {
        if (_checkpoints.RemoveAtEnd)
            _checkpoints.Remove();
        else
            Write(state);
    }
}
