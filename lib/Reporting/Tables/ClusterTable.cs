using DeviceId.Clustering;

namespace DeviceId.Reporting;

/// <summary>How well sessions that were found without labels agree with the true devices, beside chance.</summary>
internal static class ClusterTable
{
    public static ResultTable Create(IReadOnlyList<(string Name, RecordingClusters Clusters)> rows, string source)
    {
        var table = new ResultTable("Sessions found, and the true devices", "recordings", "devices", "sessions", "error",
            "adjusted mutual information", "adjusted Rand index", "mutual information, not adjusted",
            "the same of random sessions", "right (%)");
        foreach (var (name, clusters) in rows)
        {
            IReadOnlyList<string> devices = [.. clusters.Recordings.Select(recording => recording.Device)];
            var (agreement, random) = (clusters.Agreement(devices), clusters.RandomAgreement(devices));
            table.Row(name, agreement.Classes, agreement.Clusters, new Number(agreement.ErrorOfK, "+0;-0;0"),
                new Number(agreement.AdjustedMutualInformation, "0.00"), new Number(agreement.AdjustedRand, "0.00"),
                new Number(agreement.NormalisedMutualInformation, "0.00"), new Number(random.NormalisedMutualInformation, "0.00"),
                new Number(100 * agreement.Accuracy, "0.0"));
        }

        return table.WithNote("The adjusted measures are 1 for the true devices and 0 on average for random sessions; the one that is not "
            + "adjusted is high for random sessions too. Right: the share of recordings in the session of their device, with the best "
            + $"assignment of sessions to devices. {source}");
    }
}
