namespace DeviceId.Experiments;

/// <summary>How long the training of an answer took.</summary>
internal static class TrainingTime
{
    /// <summary>Seconds of training until an output's answers; for those from half way, the first half of the epochs.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="output">The output: see <see cref="TrialOutput"/>.</param>
    public static double Seconds(TrialResult trial, string output) => TrialOutput.IsHalfWay(output)
        ? trial.Epochs.Take((trial.Epochs.Count + 1) / 2).Sum(epoch => epoch.Seconds) : trial.Times.FitSeconds;
}
