using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>
/// Writes the epochs of trainings as event files for TensorBoard, with TorchSharp's writer; each training is a run, a folder of its own.
/// </summary>
/// <remarks>
/// Scalars per epoch: <c>loss/train</c> (nats), <c>accuracy/train</c> (fraction of training samples, with dropout), <c>learning_rate</c>,
/// <c>seconds/epoch</c>, and, after some epochs, <c>accuracy/held-out</c> (fraction of held-out samples). The time
/// of an event, in whole seconds, is the start of the run plus the training time so far, without interruptions.
/// </remarks>
/// <param name="folder">Folder of the runs, for <c>tensorboard --logdir</c>; created if it does not exist.</param>
/// <param name="notice">Receives a sentence if files cannot be written: the training continues without them.</param>
internal sealed class TensorBoardLog(string folder, Action<string> notice)
{
    /// <summary>Ending of the files: tells those of this program from others in the same folder.</summary>
    private const string Suffix = "deviceid";

    /// <summary>A run. Earlier files of it are replaced when its first epoch is reported.</summary>
    /// <param name="path">Its folder below the root, from the outermost; other characters than those of a file name are replaced.</param>
    public IProgress<EpochResult> Begin(params string[] path) => Begin(DateTimeOffset.UtcNow, path);

    /// <summary>The run of a training that began at another time, such as that of a stored result.</summary>
    /// <param name="started">When it began.</param>
    /// <param name="path">Its folder below the root, from the outermost.</param>
    public IProgress<EpochResult> Begin(DateTimeOffset started, params string[] path) =>
        new Run(Path.Combine([folder, .. path.Select(FolderName)]), started, notice);

    /// <summary>Replaces characters that some system forbids in names, and a name that would be another folder.</summary>
    internal static string FolderName(string text)
    {
        var name = string.Concat(text.Select(c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal) ? '-' : c));
        return name.Trim(' ', '.') is { Length: > 0 } trimmed ? trimmed : "run";
    }

    private sealed class Run(string folder, DateTimeOffset started, Action<string> notice) : IProgress<EpochResult>
    {
        private SummaryWriter? _writer;
        private double _seconds;
        private bool _hasFailed;

        public void Report(EpochResult value)
        {
            if (_hasFailed)
                return;
            try
            {
                _writer ??= Start();
                _seconds += value.Seconds;
                Add("loss/train", value.Loss, value.Epoch);
                Add("accuracy/train", value.Accuracy, value.Epoch);
                Add("learning_rate", value.LearningRate, value.Epoch);
                Add("seconds/epoch", value.Seconds, value.Epoch);
                if (value.HeldOutAccuracy is { } accuracy)
                    Add("accuracy/held-out", accuracy, value.Epoch);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _hasFailed = true;
                notice($"The log in {folder} cannot be written ({error.Message}); the training continues without it.");
            }
        }

        private SummaryWriter Start()
        {
            // A resumed training reports its earlier epochs again.
            if (Directory.Exists(folder))
                foreach (var earlier in Directory.GetFiles(folder, $"events.out.tfevents.*.{Suffix}"))
                    File.Delete(earlier);
            return utils.tensorboard.SummaryWriter(folder, Suffix);
        }

        private void Add(string tag, double value, int epoch) =>
            _writer!.add_scalar(tag, (float)value, epoch, started.AddSeconds(_seconds).ToUnixTimeSeconds());
    }
}
