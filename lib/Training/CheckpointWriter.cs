using DeviceId.Data;
using DeviceId.Models;

namespace DeviceId.Training;

/// <summary>The checkpoint of one training: read at the start, written when due, deleted at the end.</summary>
internal sealed class CheckpointWriter
{
    private readonly Checkpoints _checkpoints;
    private readonly DeviceNetwork _network;
    private readonly Adam _optimiser;
    private readonly TrainingOptions _training;
    private readonly string _data;
    private (int Epochs, int Batches) _writtenPosition;
    private long _writtenAt;
    private long _lastCall;
    private TimeSpan _longestInterval;

    /// <param name="checkpoints">Where the checkpoint is, and how often it is written.</param>
    /// <param name="network">The network.</param>
    /// <param name="optimiser">The network's optimiser.</param>
    /// <param name="training">The settings.</param>
    /// <param name="data">The training samples; a checkpoint stores a fingerprint of their values.</param>
    /// <param name="cancellationToken">Checked for each sample.</param>
    public CheckpointWriter(
        Checkpoints checkpoints, DeviceNetwork network, Adam optimiser, TrainingOptions training, TrainDataset data,
        CancellationToken cancellationToken)
    {
        (_checkpoints, _network, _optimiser, _training) = (checkpoints, network, optimiser, training);
        _data = Checkpoint.Fingerprint(data, cancellationToken);
        _lastCall = _writtenAt = checkpoints.Clock.GetTimestamp();
    }

    /// <summary>Restores the state to resume from, weights and optimiser included; without a usable checkpoint, a new state.</summary>
    public TrainingState Restore()
    {
        _checkpoints.RemoveUnfinished();
        try
        {
            var state = Checkpoint.Read(_checkpoints.Path, _network, _optimiser, _training, _data) ?? new TrainingState();
            _writtenPosition = state.Position;
            return state;
        }
        catch (CheckpointException error)
        {
            _checkpoints.Notice(
                $"The checkpoint {error.Path} is discarded, because {error.Reason}; the training starts again from the beginning.");
            _checkpoints.Remove();
            return new TrainingState();
        }
    }

    /// <summary>Called after each batch; writes if the next call would come later than <see cref="Checkpoints.Interval"/> allows.</summary>
    /// <remarks>
    /// The next call is expected after the longest time between two calls since the last checkpoint, the time to write it included.
    /// </remarks>
    public void WriteIfDue(TrainingState state)
    {
        var now = _checkpoints.Clock.GetTimestamp();
        var interval = _checkpoints.Clock.GetElapsedTime(_lastCall, now);
        _longestInterval = interval > _longestInterval ? interval : _longestInterval;
        _lastCall = now;
        if (_checkpoints.Clock.GetElapsedTime(_writtenAt, now) + _longestInterval >= _checkpoints.Interval)
            Write(state);
    }

    /// <summary>Writes the state, unless the file already holds it.</summary>
    public void Write(TrainingState state)
    {
        if (state.Position == _writtenPosition)
            return;
        var now = _checkpoints.Clock.GetTimestamp();
        void WriteFile() => Checkpoint.Write(_checkpoints.Path, _network, _optimiser, _training, _data, state);
        if (_checkpoints.TryOrNotice("cannot be written", WriteFile))
            _writtenPosition = state.Position;
        // Also after a failure: the next attempt, and the next notice, come one interval later.
        (_writtenAt, _longestInterval) = (now, TimeSpan.Zero);
    }

    /// <summary>Called when the training has ended.</summary>
    public void End(TrainingState state)
    {
        if (_checkpoints.RemoveAtEnd)
            _checkpoints.Remove();
        else
            Write(state);
    }
}
