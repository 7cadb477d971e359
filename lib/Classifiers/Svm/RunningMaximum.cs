using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeviceId.Classifiers;

/// <summary>Maximum and its index over a sequence of values, which arrive a SIMD vector at a time; the first of equal values.</summary>
/// <param name="floor">Values that are not above it are ignored.</param>
internal struct RunningMaximum(double floor)
{
    private Vector<double> _max = new(floor);
    private Vector<double> _block = new(-1);
    private double _offered;

    /// <summary>Takes the next values of the sequence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(Vector<double> values)
    {
        var greater = Vector.GreaterThan(values, _max);
        _max = Vector.ConditionalSelect(greater, values, _max);
        _block = Vector.ConditionalSelect(greater, new Vector<double>(_offered), _block);
        _offered++;
    }

    /// <summary>Index of the maximum, -1 if no value was above the floor, and the maximum itself.</summary>
    public readonly (int Index, double Value) Best()
    {
        var (index, best) = (-1, floor);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
        {
            var position = (int)_block[lane] * Vector<double>.Count + lane;
            if (_block[lane] >= 0 && (_max[lane] > best || (_max[lane] == best && position < index)))
                (index, best) = (position, _max[lane]);
        }

        return (index, best);
    }
}
