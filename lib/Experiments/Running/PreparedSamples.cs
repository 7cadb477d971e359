using DeviceId.Data;

namespace DeviceId.Experiments;

/// <summary>A fitted front end, and the training samples that it was fitted on.</summary>
/// <param name="FrontEnd">Computes samples of other recordings.</param>
/// <param name="Train">The training samples.</param>
public sealed record PreparedSamples(FrontEnd FrontEnd, TrainDataset Train) : IDisposable
{
    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        FrontEnd.Dispose();
        Train.Dispose();
    }
}
