using System.Text.Json.Nodes;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>In what two settings differ, as a reader would say it: "network.backEndLayers 0".</summary>
internal static class SettingsDifference
{
    /// <summary>Every value of <paramref name="other"/> that is not that of <paramref name="reference"/>.</summary>
    public static string Of(TrialSettings reference, TrialSettings other)
    {
        var (from, to) = (Flat(reference), Flat(other));
        var changed = to.Where(pair => !from.TryGetValue(pair.Key, out var value) || value != pair.Value).Select(pair => $"{pair.Key} {pair.Value}");
        var gone = from.Keys.Except(to.Keys).Select(key => key.Split('.')[0]).Distinct().Where(part => !to.Keys.Any(key => key.Split('.')[0] == part)).Select(part => $"no {part}");
        return string.Join(", ", changed.Concat(gone));
    }

    private static Dictionary<string, string> Flat(TrialSettings settings)
    {
        var values = new Dictionary<string, string>();
        void Walk(string path, JsonNode? node)
        {
            if (node is JsonObject members)
                foreach (var (name, member) in members)
                    Walk(path.Length == 0 ? name : $"{path}.{name}", member);
            else if (node is not null)
                values[path] = node.ToJsonString().Trim('"');
        }

        Walk("", JsonNode.Parse(Json.WriteCompact(settings)));
        return values;
    }
}
