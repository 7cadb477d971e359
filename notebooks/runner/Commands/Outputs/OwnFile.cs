using System.Text;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Recognises by its content a file that this program wrote earlier and may therefore replace.</summary>
internal static class OwnFile
{
    private const int StartBytes = 4096;

    /// <summary>JSON of <c>identify</c>.</summary>
    public static bool IsJson(string path) => IdentificationDocument.RecognisesJson(StartText(path));

    /// <summary>CSV of <c>identify</c>.</summary>
    public static bool IsCsv(string path) => IdentificationDocument.RecognisesCsv(StartText(path));

    /// <summary>JSON of <c>cluster</c>.</summary>
    public static bool IsClusterJson(string path) => ClusterDocument.RecognisesJson(StartText(path));

    /// <summary>CSV of <c>cluster</c>.</summary>
    public static bool IsClusterCsv(string path) => ClusterDocument.RecognisesCsv(StartText(path));

    /// <summary>Table of all trials, of <c>report --export</c>.</summary>
    public static bool IsTrialTable(string path) => TrialTable.RecognisesCsv(StartText(path));

    /// <summary>Page of <c>identify</c>, of any recording.</summary>
    public static bool IsPage(string path) => StartText(path).StartsWith(IdentificationPage.Start, StringComparison.Ordinal);

    /// <summary>Page of <c>identify</c> about one recording (<see cref="IdentificationPage.Subject"/>).</summary>
    public static bool IsPageAbout(string path, string subject) =>
        IsPage(path) && StartText(path).Contains(IdentificationPage.SubjectTag(subject), StringComparison.Ordinal);

    /// <summary>Model of <c>train</c>, of any version.</summary>
    public static bool IsModel(string path) => PhoneModelFile.Recognises(Start(path));

    private static string StartText(string path) => Encoding.UTF8.GetString(Start(path));

    private static byte[] Start(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[StartBytes];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
