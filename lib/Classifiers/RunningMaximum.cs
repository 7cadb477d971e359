using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeviceId.Classifiers;

/// <summary>The greatest of the values offered, a vector of them at a time, and where it stood; the first of equals.</summary>
/// <param name="floor">Values that are not above it are passed over.</param>
internal struct RunningMaximum(double floor)
{
    private Vector<double> _best = new(floor);
    private Vector<double> _block = new(-1);
    private double _offered;

    /// <summary>Offers the next values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(Vector<double> values)
    {
        var better = Vector.GreaterThan(values, _best);
        _best = Vector.ConditionalSelect(better, values, _best);
        _block = Vector.ConditionalSelect(better, new Vector<double>(_offered), _block);
        _offered++;
    }

    /// <summary>Position (-1 when none was above the floor) and value.</summary>
    public readonly (int Index, double Value) Best()
    {
        var (index, best) = (-1, floor);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
        {
            var position = (int)_block[lane] * Vector<double>.Count + lane;
            if (_block[lane] >= 0 && (_best[lane] > best || (_best[lane] == best && position < index)))
                (index, best) = (position, _best[lane]);
        }

        return (index, best);
    }
}
